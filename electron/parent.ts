/**
 * With `--with-parent` we end when our standard input closes, that is when the launcher that holds its other end is gone, however it went.
 * Without it (started by a person) standard input means nothing.
 */
export function endWithParent(argv: readonly string[], end: () => void): void {
  if (!argv.includes('--with-parent')) return;
  process.stdin.on('end', end).on('error', end).resume();
}
