/** From a choice of database to everything the server works with. Used by the process, the command line and the tests. */
import type { Bank, PracticeLine } from './bank.ts';
import { type BusinessClock, openDemoClock, realClock } from './clock.ts';
import { type DatabaseChoice, type OpenDatabase, openDatabase } from './database/open.ts';
import type { Database } from './database/schema.ts';
import { demoTeam } from './demo/accounts.ts';
import { ensureDemo } from './demo/demo.ts';
import { ensureKeys } from './keys.ts';
import { addEnrolmentCode } from './stations/stations.ts';

export const version = '0.1.0';

export type BankChoice = {
  database: DatabaseChoice;
  /** 'asBefore': what the last start on this database was; for the command line. */
  demo: boolean | 'asBefore';
  practice?: PracticeLine | undefined;
  origins?: readonly string[];
  secure?: boolean;
  /** Accepted once, by this start: the launcher hands it to the workstation it opens. */
  demoEnrolmentCode?: string | undefined;
  /** Instead of the demo's or the real clock. */
  clock?: BusinessClock;
};

export type OpenBank = { bank: Bank; sentence: OpenDatabase['sentence']; close(): Promise<void> };

/** Throws `Problem` when the folder is in use or cannot be written. */
export async function openBank(choice: BankChoice): Promise<OpenBank> {
  const opened = await openDatabase(choice.database);
  try {
    const { database } = opened;
    const demo = choice.demo === 'asBefore' ? await wasDemo(database) : choice.demo;
    if (demo) await noteDemo(database);
    const clock = choice.clock ?? (demo ? await openDemoClock(database) : realClock);
    const bank: Bank = {
      database,
      databaseKind: opened.kind,
      clock,
      keys: await ensureKeys(database),
      demo,
      practice: choice.practice ?? null,
      origins: choice.origins ?? [],
      secure: choice.secure ?? false,
      version,
    };
    if (demo) await ensureDemo(database, clock.now());
    if (demo && choice.demoEnrolmentCode !== undefined)
      await addEnrolmentCode(database, choice.demoEnrolmentCode, { team: demoTeam, practice: true, hours: 24 });
    return { bank, sentence: opened.sentence, close: opened.close };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

const demoSetting = 'demo';

async function wasDemo(database: Database): Promise<boolean> {
  const row = await database.selectFrom('settings').select('value').where('name', '=', demoSetting).executeTakeFirst();
  return row !== undefined;
}

async function noteDemo(database: Database): Promise<void> {
  await database
    .insertInto('settings')
    .values({ name: demoSetting, value: 'yes' })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
