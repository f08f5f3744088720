/** The command on a server's real data: attempts that came as signed entries, beside a PBX's file. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Case, caseSchema } from '#shared/case/case.ts';
import type { EntryBody, WireEntry } from '#shared/journal/entry.ts';
import { type Agent, createAgent } from '../practice/agent.ts';
import { accounts, type PracticeProcess, startPractice } from '../practice/process.ts';
import { until } from '../practice/voice.ts';
import {
  batchText,
  enrolStation,
  leaseFor,
  movableClock,
  sendBatch,
  signInAs,
  startBank,
  type TestBank,
  type TestStation,
  writeJournal,
} from '../support/bank.ts';
import { bankCommand } from '../support/bankCommand.ts';
import { type Postgres, startPostgres } from '../support/postgres.ts';

const folder = mkdtempSync(join(tmpdir(), 'huifang-reconcile-'));
let postgres: Postgres;
let url: string;
let test: TestBank;
let station: TestStation;
let leases: { epoch: number; cases: Case[] }[];

const quality: EntryBody<'attempt.ended'>['quality'] = {
  seconds: 45,
  poorSeconds: 2,
  silentSeconds: 0,
  codec: 'PCMU',
  roundTrip: { median: 40, worst: 410 },
  mos: { median: 4.3, worst: 3.4 },
};
/** Three calls: answered, busy, and one the station never sent. Minutes after ten o'clock. */
const calls = [
  { attempt: randomUUID(), number: '15400000007', minute: 1, callId: 'call-1@station.invalid', talkedSeconds: 45 },
  { attempt: randomUUID(), number: '02600000002', minute: 5, callId: 'call-2@station.invalid', talkedSeconds: 0 },
  { attempt: randomUUID(), number: '15400000007', minute: 9, callId: undefined, talkedSeconds: 0 },
] as const;

beforeAll(async () => {
  postgres = await startPostgres();
  url = await postgres.createDatabase();
  test = await startBank({ listen: false, clock: movableClock(), database: { type: 'postgresql', url } });
  station = await enrolStation(test);
  const session = await signInAs(test.app, 'A017', station.id);
  leases = (await leaseFor(test.app, session, station)).leases.map((lease) => ({
    ...lease,
    cases: lease.cases.map((one) => caseSchema.parse(one)),
  }));
  const about = caseOf('15400000007');
  let now = new Date('2026-11-25T10:00:00+08:00');
  const journal = writeJournal({ agent: 'A017', at: () => now });
  const entries = [
    journal.entry('shift.started', { shift: randomUUID(), grant: session.grant!, practice: true }),
    ...calls.flatMap(({ attempt, number, minute, callId, talkedSeconds }) => {
      now = new Date(Date.parse('2026-11-25T10:00:00+08:00') + minute * 60_000);
      return [
        journal.entry('attempt.started', { attempt, direction: 'out', contact: 'mobile', number }, about),
        journal.entry(
          'attempt.ended',
          {
            ...{ attempt, rangSeconds: 3, talkedSeconds, earlyMedia: false },
            ...(callId === undefined ? {} : { callId }),
            ...(talkedSeconds > 0 ? { quality } : {}),
            ended:
              callId === undefined
                ? { reason: 'NO_MICROPHONE', by: 'STATION' }
                : talkedSeconds > 0
                  ? { reason: 'HUNG_UP', by: 'OTHER' }
                  : { reason: 'REFUSED', by: 'NETWORK', sipStatus: 486 },
          },
          about,
        ),
      ];
    }),
  ];
  await upload(journal.journal, entries);
});
afterAll(async () => {
  await test?.stop();
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Which of the leased cases a number belongs to. */
function caseOf(number: string): { caseId: string; leaseEpoch: number } {
  for (const { cases, epoch } of leases)
    for (const { id, contacts } of cases)
      if (contacts.some((contact) => contact.number.replaceAll('-', '') === number))
        return { caseId: id, leaseEpoch: epoch };
  throw new Error(`no leased case has ${number}`);
}

async function upload(journal: string, entries: readonly WireEntry[]): Promise<void> {
  const answer = await sendBatch(test.app, station, journal, batchText(station.id, journal, entries));
  expect(answer.type === 'receipts' && answer.receipts.map(({ state }) => state)).toEqual(entries.map(() => 'stored'));
}

const command = (...args: string[]) => bankCommand(url, args);

function reconcile(rows: readonly string[], ...more: string[]) {
  const file = join(folder, 'cdr.csv');
  writeFileSync(file, ['calldate,dst,billsec,disposition,sip_call_id,x_attempt_id', ...rows, ''].join('\r\n'));
  return command('reconcile', '--cdr', file, '--practice', ...more);
}

const answered = () => `2026-11-25 10:01:02,015400000007,46,ANSWERED,,${calls[0].attempt}`;
const busy = '2026-11-25 10:05:01,02600000002,0,BUSY,call-2,';

describe('reconcile', () => {
  it('agrees where each has what the other has, whatever names the call', async () => {
    const { code, out } = await reconcile([answered(), busy]);
    expect(out).toContain('一致 They agree');
    expect(out).toContain('matched 2 (0 by number and time), differences 0');
    expect(code).toBe(0);
    const byNumber = await reconcile([answered(), '2026-11-25 10:05:40,02600000002,0,BUSY,,']);
    expect(byNumber).toMatchObject({ code: 0, out: expect.stringContaining('(1 by number and time)') });
  });

  it('names what the PBX has and we have not, and what differs, without a whole number', async () => {
    const { code, out } = await reconcile([
      answered(),
      '2026-11-25 10:05:01,02600000002,17,ANSWERED,call-2,',
      '2026-11-25 10:07:00,15400000036,80,ANSWERED,call-7,',
    ]);
    expect(code).toBe(2);
    expect(out).toContain('话单有、记录没有 1 通');
    expect(out).toMatch(/第 4 行 line 4 · 2026-11-25 10:07:00 · 154\D+0036 · 80 s · ANSWERED · call call-7/);
    expect(out).toContain('接通与否不同 answered on one side only');
    expect(out).toContain('不一致 They differ');
    expect(out).not.toMatch(/15400000036|02600000002|15400000007/);
  });

  it('names what we have and the PBX has not, but no call that never left the station', async () => {
    const { code, out } = await reconcile([answered(), '2026-11-25 10:12:00,15400000036,8,ANSWERED,call-7,']);
    expect(code).toBe(2);
    expect(out).toContain('记录有、话单没有 1 通');
    expect(out).toContain(`attempt ${calls[1].attempt} · call call-2@station.invalid`);
    expect(out).not.toContain(calls[2].attempt);
  });

  it('names rows it cannot read by their line, goes on, and says so with its code', async () => {
    const { code, out } = await reconcile([answered(), 'some day,15400000036,8,ANSWERED,call-7,', busy, '"lost']);
    expect(code).toBe(2);
    expect(out).toContain('第 3 行无法读取：开始时间读不懂');
    expect(out).toContain('Line 5 cannot be read');
    expect(out).toContain('matched 2');
  });

  it('compares only the extensions that are asked for', async () => {
    const file = join(folder, 'users.csv');
    writeFileSync(
      file,
      ['calldate,src,dst', '2026-11-25 10:01:02,1017,15400000007', '2026-11-25 10:02:00,2001,10086'].join('\n'),
    );
    const { code, out } = await command('reconcile', '--cdr', file, '--practice', '--user', '1017,1018');
    expect(out).toContain('records 1');
    expect(code).toBe(0); // the busy call at 10:05 lies outside of the file's time
  });

  it('says what is wrong with a file that is none of ours', async () => {
    expect(await command('reconcile')).toMatchObject({
      code: 1,
      out: expect.stringContaining('Usage: npm run bank'),
    });
    expect(await command('reconcile', '--cdr', join(folder, 'nowhere.csv'))).toMatchObject({
      code: 1,
      out: expect.stringContaining('cannot be read'),
    });
    const file = join(folder, 'other.csv');
    writeFileSync(file, 'a,b\n1,2\n');
    expect(await command('reconcile', '--cdr', file)).toMatchObject({
      code: 1,
      out: expect.stringContaining('--columns'),
    });
  });
});

describe('the records of an exchange that carried the calls', () => {
  let practice: PracticeProcess;
  let agent: Agent;
  beforeAll(async () => {
    practice = await startPractice(['--speed', '20']);
    agent = await createAgent(practice.port, '1001', accounts['1001']);
  });
  afterAll(async () => {
    await agent?.close();
    await practice?.stop();
  });

  const journal = writeJournal({ agent: 'A017', at: () => new Date() });
  const endings: Readonly<Record<number, EntryBody<'attempt.ended'>['ended']>> = {
    200: { reason: 'HUNG_UP', by: 'AGENT' },
    486: { reason: 'REFUSED', by: 'NETWORK', sipStatus: 486 },
    487: { reason: 'CANCELLED', by: 'AGENT', sipStatus: 487 },
  };

  /** Calls as a workstation does, and gives the entries it writes of it. */
  async function call(number: string, how?: 'cancelled'): Promise<WireEntry[]> {
    const [attempt, about] = [randomUUID(), caseOf(number)];
    const started = journal.entry('attempt.started', { attempt, direction: 'out', contact: 'mobile', number }, about);
    const line = agent.dial(number, { attemptId: attempt, context: { attempt: 1 } });
    if (how === 'cancelled') {
      await until(() => line.statuses.length > 0);
      line.cancel();
    }
    const status = await line.final;
    const answeredAt = performance.now();
    if (status === 200) {
      await until(() => line.received() > 0);
      await line.bye();
    }
    const body: EntryBody<'attempt.ended'> = {
      ...{ attempt, callId: line.callId, rangSeconds: 0.2, earlyMedia: false },
      talkedSeconds: status === 200 ? (performance.now() - answeredAt) / 1000 : 0,
      ended: endings[status]!,
    };
    return [started, journal.entry('attempt.ended', body, about)];
  }

  /** What the exchange itself saw, in the form of a PBX's file: a row for each INVITE. */
  function callRecords(): string[] {
    const facts = practice.facts();
    return facts.flatMap((invite) => {
      if (invite.fact !== 'invite') return [];
      const own = facts.filter((fact) => 'callId' in fact && fact.callId === invite.callId);
      const answered = own.find(({ fact }) => fact === 'answered');
      const ended = own.find((fact) => fact.fact === 'ended')!;
      const seconds = answered ? (Date.parse(ended.at) - Date.parse(answered.at)) / 1000 : 0;
      const result = answered ? 'ANSWERED' : ended.status;
      return `${invite.at},${invite.number},${seconds},${result},${invite.callId},${invite.attemptId}`;
    });
  }

  it('agree with the attempts; a call whose entries are not sent yet is named, and no more once they are', async () => {
    await upload(journal.journal, [...(await call('15400000001')), ...(await call('15400000007'))]);
    const late = await call('15400000007', 'cancelled');
    await until(() => practice.facts().filter(({ fact }) => fact === 'ended').length === 3);
    const rows = callRecords();
    expect(rows.map((row) => row.split(',')[3])).toEqual(['ANSWERED', '486', '487']);

    expect(await reconcile(rows.slice(0, 2))).toMatchObject({
      code: 0,
      out: expect.stringContaining('matched 2 (0 by'),
    });
    const differing = await reconcile(rows);
    expect(differing.code).toBe(2);
    expect(differing.out).toContain('话单有、记录没有 1 通');
    expect(differing.out).toContain(`attempt ${JSON.parse(late[0]!.body).attempt}`);
    await upload(journal.journal, late);
    expect(await reconcile(rows)).toMatchObject({ code: 0, out: expect.stringContaining('matched 3 (0 by') });
    // A PBX that keeps the Call-ID only.
    const byCallId = rows.map((row) => row.replace(/[^,]*$/, ''));
    expect(await reconcile(byCallId)).toMatchObject({ code: 0, out: expect.stringContaining('matched 3 (0 by') });
  });
});

describe('the quality of a call', () => {
  const kept = () =>
    test.bank.database.selectFrom('attempts').select(['attempt', 'quality']).where('quality', 'is not', null).execute();

  it('is kept with its attempt, also when all is made anew from the entries; older stations send none', async () => {
    const expected = [{ attempt: calls[0].attempt, quality: JSON.stringify(quality) }];
    expect(await kept()).toEqual(expected);
    expect(await command('rebuild')).toMatchObject({ code: 0 });
    expect(await kept()).toEqual(expected);
  });
});
