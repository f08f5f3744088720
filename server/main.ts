/**
 * The bank server as a process. Prints exactly one line to standard output, `ready {"port":N}`; everything else is a log line on
 * standard error. Ends cleanly on SIGTERM and SIGINT, and with --with-parent when standard input closes.
 */
import { readFileSync } from 'node:fs';
import { Problem } from '#shared/problem.ts';
import { buildApp } from './app.ts';
import { sendDueNotices } from './notices/notices.ts';
import { openBank } from './openBank.ts';
import { readOptions } from './options.ts';

const noticesEveryMs = 1000;

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2), process.env);
  const { bank, sentence, close } = await openBank({
    database: options.database,
    demo: options.demo,
    practice: options.practice,
    origins: options.origins,
    secure: options.tls !== undefined,
    demoEnrolmentCode: options.demoEnrolmentCode,
  });
  process.stderr.write(`${sentence.zh}\n${sentence.en}\n`);
  const app = await buildApp(bank, {
    log: process.stderr,
    ...(options.renderer === undefined ? {} : { renderer: options.renderer }),
    ...(options.trustProxy === undefined ? {} : { trustProxy: options.trustProxy }),
    ...(options.tls === undefined
      ? {}
      : { tls: { cert: readFileSync(options.tls.certFile, 'utf8'), key: readFileSync(options.tls.keyFile, 'utf8') } }),
  });

  let sending = false;
  const notices = setInterval(() => {
    if (sending) return;
    sending = true;
    sendDueNotices(bank)
      .catch((error: unknown) =>
        app.log.error({ error: error instanceof Error ? error.name : 'unknown' }, 'notices wait'),
      )
      .finally(() => {
        sending = false;
      });
  }, noticesEveryMs);

  let ending: Promise<void> | undefined;
  const end = (code: number) => {
    ending ??= (async () => {
      clearInterval(notices);
      await app.close();
      await close();
      process.exit(code);
    })();
    return ending;
  };
  process.on('SIGTERM', () => void end(0));
  process.on('SIGINT', () => void end(0));
  if (options.withParent) {
    process.stdin.on('close', () => void end(0));
    process.stdin.on('error', () => void end(0));
    process.stdin.resume();
  }

  await app.listen({ port: options.port, host: options.host });
  const address = app.server.address();
  process.stdout.write(
    `ready ${JSON.stringify({ port: typeof address === 'object' && address !== null ? address.port : options.port })}\n`,
  );
}

main().catch((error: unknown) => {
  process.stderr.write(`${sentenceOf(error)}\n`);
  process.exit(1);
});

/** What a person at the console can act on. */
function sentenceOf(error: unknown): string {
  if (error instanceof Problem) return `${error.sentence.zh}\n${error.sentence.en}`;
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  if (code === 'EADDRINUSE')
    return '端口已被占用，请用 --port 指定另一个。\nThe port is taken; name another with --port.';
  if (code === 'ECONNREFUSED')
    return '无法连接 DATABASE_URL 指定的数据库，请检查它是否已启动。\nThe database of DATABASE_URL cannot be reached; check that it runs.';
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
