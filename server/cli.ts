/**
 * The bank server's command line: `npm run bank -- COMMAND`. It works on the database itself: with PostgreSQL (DATABASE_URL) beside
 * running servers, with PGlite only while the server is down, which its folder's lock sees to.
 */
import { parseArgs } from 'node:util';
import { Problem } from '#shared/problem.ts';
import { accountCommands } from './cli/accounts.ts';
import { type Command, say } from './cli/arguments.ts';
import { dataCommands } from './cli/data.ts';
import { directiveCommands } from './cli/directives.ts';
import { reconcileCommands } from './cli/reconcile.ts';
import { recoverCommands } from './cli/recover.ts';
import { stationCommands } from './cli/stations.ts';
import type { DatabaseChoice } from './database/open.ts';
import { openBank } from './openBank.ts';

const commands: Readonly<Record<string, Command>> = {
  ...accountCommands,
  ...stationCommands,
  ...directiveCommands,
  ...dataCommands,
  ...recoverCommands,
  ...reconcileCommands,
};

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    allowNegative: true, // --no-records
    options: {
      data: { type: 'string' },
      demo: { type: 'boolean' },
      practice: { type: 'boolean' },
      outsourced: { type: 'boolean' },
      open: { type: 'boolean' },
      records: { type: 'boolean' },
      'all-or-nothing': { type: 'boolean' },
      proxies: { type: 'string' },
      stun: { type: 'string' },
      turn: { type: 'string' },
      'turn-user': { type: 'string' },
      'relay-only': { type: 'boolean' },
      domain: { type: 'string' },
      user: { type: 'string' },
      echo: { type: 'string' },
      expires: { type: 'string' },
      cdr: { type: 'string' },
      columns: { type: 'string' },
      zone: { type: 'string' },
      seconds: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  const two = positionals.slice(0, 2).join(' ');
  const name = two in commands ? two : (positionals[0] ?? '');
  const command = commands[name];
  if (command === undefined || values.help === true) {
    help();
    process.exitCode = command === undefined && values.help !== true ? 1 : 0;
    return;
  }
  const url = process.env.DATABASE_URL;
  const database: DatabaseChoice =
    url === undefined || url === ''
      ? { type: 'pglite', folder: values.data ?? process.env.HUIFANG_DATA ?? '.data/bank' }
      : { type: 'postgresql', url };
  const { bank, close } = await openBank({ database, demo: values.demo ?? 'asBefore' });
  try {
    await command.run(bank, positionals.slice(name.split(' ').length), values);
  } finally {
    await close();
  }
}

function help(): void {
  say('npm run bank -- COMMAND [--data FOLDER] [--demo]      (DATABASE_URL: PostgreSQL instead of a folder)');
  say('');
  for (const { usage, what } of Object.values(commands)) say(`  ${usage}\n      ${what}`);
}

main().catch((error: unknown) => {
  const sentence =
    error instanceof Problem
      ? `${error.sentence.zh}\n${error.sentence.en}`
      : error instanceof Error
        ? (error.stack ?? error.message)
        : String(error);
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
});
