/**
 * The practice PBX as a process of its own: `tsx practice/main.ts --accounts '{"1001":"secret"}'`.
 * Says `ready {"port":N}` on stdout when calls can be made. Ends on SIGTERM, SIGINT, and with --with-parent when stdin closes.
 */
import { startExchange } from './exchange.ts';
import { readOptions } from './options.ts';

async function main(): Promise<void> {
  const { controlToken, log, prompts, withParent, ...rest } = readOptions(process.argv.slice(2), process.env);
  const exchange = await startExchange({
    ...rest,
    ...(controlToken !== undefined && { controlToken }),
    ...(log !== undefined && { log }),
    ...(prompts !== undefined && { prompts }),
  });

  let ending = false;
  const end = (): void => {
    if (ending) return;
    ending = true;
    // Explicitly, because sip.js can leave a retransmission timer behind that nobody reaches any more.
    void exchange.stop().finally(() => process.exit(0));
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
  if (withParent) process.stdin.on('end', end).on('error', end).resume();

  process.stdout.write(`ready ${JSON.stringify({ port: exchange.port })}\n`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
