/** From a choice of database to everything the server works with. Used by the process, the command line and the tests. */
import type { Bank, PracticeLine } from './bank.ts';
import { type BusinessClock, openDemoClock, realClock } from './clock.ts';
import { type DatabaseChoice, type OpenDatabase, openDatabase } from './database/open.ts';
import { demoTeam } from './demo/accounts.ts';
import { ensureDemo } from './demo/demo.ts';
import { ensureKeys } from './keys.ts';
import { addEnrolmentCode } from './stations/stations.ts';

export const version = '0.1.0';

export type BankChoice = {
  database: DatabaseChoice;
  demo: boolean;
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
    const clock = choice.clock ?? (choice.demo ? await openDemoClock(database) : realClock);
    const bank: Bank = {
      database,
      databaseKind: opened.kind,
      clock,
      keys: await ensureKeys(database),
      demo: choice.demo,
      practice: choice.practice ?? null,
      origins: choice.origins ?? [],
      secure: choice.secure ?? false,
      version,
    };
    if (choice.demo) await ensureDemo(database, clock.now());
    if (choice.demo && choice.demoEnrolmentCode !== undefined)
      await addEnrolmentCode(database, choice.demoEnrolmentCode, { team: demoTeam, practice: true, hours: 24 });
    return { bank, sentence: opened.sentence, close: opened.close };
  } catch (error) {
    await opened.close();
    throw error;
  }
}
