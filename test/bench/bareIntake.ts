/** `tsx bareIntake.ts DATA BATCHES.json`: takes batches in without HTTP and prints the milliseconds. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { intake } from '../../server/intake/intake.ts';
import { openBank } from '../../server/openBank.ts';

const [folder, file] = z.tuple([z.string(), z.string()]).parse(process.argv.slice(2));
const { station, batches } = z
  .object({ station: z.string(), batches: z.array(z.string()).min(1) })
  .parse(JSON.parse(readFileSync(file, 'utf8')));
const { bank, close } = await openBank({ database: { type: 'pglite', folder }, demo: 'asBefore' });
const began = performance.now();
for (const batch of batches) {
  const answer = await intake(bank, station, batch);
  if (answer.type !== 'receipts') throw new Error(`the bare intake says ${answer.type}`);
}
const milliseconds = performance.now() - began;
await close();
process.stdout.write(String(milliseconds));
