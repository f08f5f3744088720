import { randomBytes } from 'node:crypto';
import { Problem } from '#shared/problem.ts';
import { stationProfileSchema } from '#shared/server/api.ts';
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
      'stations line STATION --proxies URL[,URL] --domain DOMAIN --user USER [--records]   (SIP password by standard input)',
    what: 'gives a station its line; --records says that the PBX records',
    async run(bank, [station], flags) {
      if (station === undefined) throw usageProblem(this.usage);
      const line = stationProfileSchema.shape.line.safeParse({
        proxies: String(flags.proxies ?? '').split(','),
        domain: flags.domain,
        user: flags.user,
        password: await readSecret('SIP password:'),
        expiresAt: null,
        iceServers: [],
      });
      if (!line.success)
        throw new Problem('LINE_WRONG', 'input', {
          zh: '话机参数有误:代理须为 ws: 或 wss: 地址,且须有域名和用户名。',
          en: 'The line is wrong: proxies are ws: or wss: addresses, and a domain and a user are needed.',
        });
      const set = await bank.database
        .updateTable('stations')
        .set({ line: JSON.stringify(line.data), records: flags.records === true })
        .where('id', '=', station)
        .returning('id')
        .executeTakeFirst();
      if (set === undefined) throw notFound(station);
      say(`${station} has a line`);
    },
  },
};
