import { randomBytes } from 'node:crypto';
import { internalNumberSchema } from '#shared/policy/dialPermit.ts';
import { callWaitingSchema } from '#shared/policy/incoming.ts';
import { Problem } from '#shared/problem.ts';
import { mostInternalNumbers, type StationProfile, stationProfileSchema } from '#shared/server/api.ts';
import type { Bank } from '../bank.ts';
import { addEnrolmentCode } from '../stations/stations.ts';
import { type Command, notFound, readSecret, say, usageProblem } from './arguments.ts';

const codeHours = 24;

export const stationCommands: Readonly<Record<string, Command>> = {
  'stations enrol-code': {
    usage: 'stations enrol-code TEAM [--practice]',
    what: `prints a code with which one station may enrol within ${codeHours} hours`,
    async run(bank, [team], flags) {
      if (team === undefined) throw usageProblem(this.usage);
      const code = randomBytes(6).toString('hex').toUpperCase();
      await addEnrolmentCode(bank.database, code, { team, practice: flags.practice === true, hours: codeHours });
      say(code);
    },
  },
  'stations list': {
    usage: 'stations list',
    what: 'lists stations',
    async run(bank) {
      const rows = await bank.database.selectFrom('stations').selectAll().orderBy('enrolled_at').execute();
      for (const row of rows)
        say(
          [
            row.id,
            row.team.padEnd(6),
            row.practice ? 'practice' : row.line === null ? 'no line ' : 'line    ',
            row.real_revoked_at === null ? '' : 'revoked',
          ]
            .join(' ')
            .trimEnd(),
        );
    },
  },
  'stations revoke': {
    usage: 'stations revoke STATION',
    what: 'refuses everything this station sends from now on',
    async run(bank, [station]) {
      if (station === undefined) throw usageProblem(this.usage);
      const revoked = await bank.database
        .updateTable('stations')
        .set({ real_revoked_at: new Date() })
        .where('id', '=', station)
        .returning('id')
        .executeTakeFirst();
      if (revoked === undefined) throw notFound(station);
      await bank.database
        .updateTable('leases')
        .set({ ended_at: bank.clock.now(), ended_by: 'REVOKED' })
        .where('station', '=', station)
        .where('ended_at', 'is', null)
        .execute();
      say(`${station} is revoked; what it held is free`);
    },
  },
  'stations line': {
    usage:
      'stations line STATION [--proxies URL[,URL]] [--domain DOMAIN] [--user USER] [--expires INSTANT] [--echo NUMBER|none] [--records|--no-records]   (SIP password by standard input)',
    what: 'gives a station its line, or the next password of the one it has: what is not named stays; --expires: when this password ends, stations fetch the next one before; --echo names a number that says back what it hears, --records says that the PBX records',
    async run(bank, [station], flags) {
      if (station === undefined) throw usageProblem(this.usage);
      const before = await lineOf(bank, station);
      const line = lineSchema.safeParse({
        iceServers: [],
        ...before,
        ...(typeof flags.proxies === 'string' && { proxies: flags.proxies.split(',') }),
        ...(flags.domain !== undefined && { domain: flags.domain }),
        ...(flags.user !== undefined && { user: flags.user }),
        ...(flags.echo !== undefined && { echoNumber: flags.echo === 'none' ? undefined : flags.echo }),
        password: await readSecret('SIP password:'),
        expiresAt: flags.expires ?? null, // the end of this password: that of the one before says nothing about it
      });
      if (!line.success)
        throw new Problem('LINE_WRONG', 'input', {
          zh: '话机参数有误：代理须为 ws:// 或 wss:// 地址，且须有域名和用户名；到期时间写作 2026-12-01T08:00:00+08:00。',
          en: 'The line is wrong: proxies are ws: or wss: addresses, and a domain and a user are needed; an end is written 2026-12-01T08:00:00+08:00.',
        });
      await change(bank, station, {
        line: JSON.stringify(line.data),
        ...(typeof flags.records === 'boolean' && { records: flags.records }),
      });
      say(`${station} has a line`);
    },
  },
  'stations voice': {
    usage:
      'stations voice STATION [--stun URL[,URL]] [--turn URL[,URL] --turn-user USER] [--relay-only]   (TURN password by standard input)',
    what: 'which STUN and TURN servers a station’s voice may use, all of them anew; without any: none; --relay-only: by TURN and no other way',
    async run(bank, [station], flags) {
      if (station === undefined) throw usageProblem(this.usage);
      const urls = (flag: unknown) => (typeof flag === 'string' ? flag.split(',').map((url) => url.trim()) : []);
      const [stun, turn] = [urls(flags.stun), urls(flags.turn)];
      const wellFormed =
        stun.every((url) => /^stuns?:[^\s/]+$/.test(url)) &&
        turn.every((url) => /^turns?:[^\s/]+$/.test(url)) &&
        (turn.length > 0 ? typeof flags['turn-user'] === 'string' : flags['relay-only'] !== true);
      if (!wellFormed)
        throw new Problem('VOICE_WRONG', 'input', {
          zh: '语音服务器有误：写作 stun:HOST:PORT、turn:HOST:PORT 或 turns:…；TURN 须有 --turn-user，--relay-only 须有 --turn。',
          en: 'The voice servers are wrong: write stun:HOST:PORT, turn:HOST:PORT or turns:…; TURN needs --turn-user, --relay-only needs --turn.',
        });
      const credential = turn.length > 0 ? await readSecret('TURN password:') : undefined;
      const line = await lineOf(bank, station);
      if (line === null) throw notFound(station);
      const iceServers = [
        ...stun.map((one) => ({ urls: one })),
        ...turn.map((one) => ({ urls: one, username: String(flags['turn-user']), credential })),
      ];
      const changed = lineSchema.parse({ ...line, iceServers, relayOnly: flags['relay-only'] === true });
      await change(bank, station, { line: JSON.stringify(changed) });
      say(`${station}: ${stun.length} STUN, ${turn.length} TURN${changed?.relayOnly ? ', by relay only' : ''}`);
    },
  },
  'stations internal': {
    usage: 'stations internal STATION [NUMBER=NAME[/ENGLISH NAME] …]',
    what: 'whom its agents may consult and pass calls on to, all of them anew; without any: nobody',
    async run(bank, [station, ...given]) {
      if (station === undefined) throw usageProblem(this.usage);
      const numbers = given.map((text) => {
        const [, number = '', zh = '', en] = /^([^=]*)=([^/]*)(?:\/(.*))?$/.exec(text) ?? [];
        const parsed = internalNumberSchema.safeParse({ number, name: { zh: zh.trim(), en: (en ?? zh).trim() } });
        if (!parsed.success || parsed.data.name.zh === '') throw internalWrong();
        return parsed.data;
      });
      if (numbers.length > mostInternalNumbers) throw internalWrong();
      await change(bank, station, { internal_numbers: JSON.stringify(numbers) });
      say(`${station} may pass calls on to ${numbers.length} numbers`);
    },
  },
  'stations call-waiting': {
    usage: 'stations call-waiting STATION PREVIEW WRAP-UP   (each ring or busy)',
    what: 'what a caller meets while the next call is prepared, and during wrap-up',
    async run(bank, [station, preview, wrapUp]) {
      const waiting = callWaitingSchema.safeParse({
        preview: preview?.toUpperCase(),
        wrapUp: wrapUp?.toUpperCase(),
      });
      if (station === undefined || !waiting.success) throw usageProblem(this.usage);
      await change(bank, station, { call_waiting: JSON.stringify(waiting.data) });
      say(`${station}: preview ${waiting.data.preview}, wrap-up ${waiting.data.wrapUp}`);
    },
  },
};

const lineSchema = stationProfileSchema.shape.line;

/** The line a station has; null: none yet. */
async function lineOf(bank: Bank, station: string): Promise<StationProfile['line']> {
  const row = await bank.database.selectFrom('stations').select('line').where('id', '=', station).executeTakeFirst();
  if (row === undefined) throw notFound(station);
  return lineSchema.parse(row.line === null ? null : JSON.parse(row.line));
}

async function change(
  bank: Bank,
  station: string,
  values: { internal_numbers: string } | { call_waiting: string } | { line: string; records?: boolean },
): Promise<void> {
  const set = await bank.database
    .updateTable('stations')
    .set(values)
    .where('id', '=', station)
    .returning('id')
    .executeTakeFirst();
  if (set === undefined) throw notFound(station);
}

const internalWrong = (): Problem =>
  new Problem('INTERNAL_NUMBER_WRONG', 'input', {
    zh: `内部号码有误：写作 8001=授信值班/Credit desk，号码 2–20 位数字，最多 ${mostInternalNumbers} 个。`,
    en: `An internal number is wrong: write 8001=Credit desk, 2 to 20 digits, at most ${mostInternalNumbers} of them.`,
  });
