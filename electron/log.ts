/** The shell's log: one JSON line per event on stderr. Event words and codes only; whatever looks like a number of a person is masked. */

/** Digits in a row of five and more keep their last two; so no telephone, ID or account number gets through by accident. */
export function masked(text: string): string {
  return text.replace(/\d{5,}/g, (digits) => '*'.repeat(digits.length - 2) + digits.slice(-2));
}

/** Whoever read our output may be gone (a launcher that was killed): that is no reason to fail, and an unheard error would be a dialog. */
export function mindNoReader(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}

export function say(event: string, details: Readonly<Record<string, string | number | boolean>> = {}): void {
  const line: Record<string, string | number | boolean> = { at: new Date().toISOString(), event };
  for (const [name, value] of Object.entries(details)) line[name] = typeof value === 'string' ? masked(value) : value;
  process.stderr.write(`${JSON.stringify(line)}\n`);
}
