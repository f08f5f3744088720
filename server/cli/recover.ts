/** Takes in the sealed export, or the second copy, of a station that cannot send any more (shared/journal/export.ts). */
import { createDecipheriv } from 'node:crypto';
import type { WireEntry } from '#shared/journal/entry.ts';
import { exportOfCopy, exportSchema, type SealedEntry } from '#shared/journal/export.ts';
import { batchLimit, protocolVersion } from '#shared/journal/upload.ts';
import { Problem } from '#shared/problem.ts';
import type { Bank } from '../bank.ts';
import { intake } from '../intake/intake.ts';
import { openWithRecoveryKey } from '../stations/stations.ts';
import { type Command, say, usageProblem } from './arguments.ts';
import { jsonOf, readText } from './data.ts';

const saltCharacters = 24;
const tagBytes = 16;

function openEntry(dataKey: Buffer, { header, iv, data }: SealedEntry): WireEntry | undefined {
  const sealed = Buffer.from(data, 'base64');
  try {
    const cipher = createDecipheriv('aes-256-gcm', dataKey, Buffer.from(iv, 'base64'));
    cipher.setAAD(Buffer.from(header.bodyHash, 'utf8'));
    cipher.setAuthTag(sealed.subarray(-tagBytes));
    const text = Buffer.concat([cipher.update(sealed.subarray(0, -tagBytes)), cipher.final()]).toString('utf8');
    return { header, salt: text.slice(0, saltCharacters), body: text.slice(saltCharacters) };
  } catch {
    return undefined; // another key, or a damaged row: counted, and the others go on
  }
}

/** Returns how many entries came to which state; `damaged` could not be opened. Throws `Problem` when it is no export of ours. */
export async function recoverExport(bank: Bank, data: unknown): Promise<Record<string, number>> {
  const parsed = exportSchema.safeParse(data);
  if (!parsed.success)
    throw new Problem('NO_EXPORT', 'input', {
      zh: '这不是坐席终端导出的文件。',
      en: 'This is not a file a station exported.',
    });
  const file = parsed.data;
  let dataKey: Buffer;
  try {
    dataKey = Buffer.from(openWithRecoveryKey(bank, file.wrappedKey), 'base64');
  } catch (cause) {
    throw new Problem(
      'OTHER_SERVER',
      'input',
      {
        zh: '此导出文件不是为本后台加密的，请在登记该终端的后台上恢复。',
        en: 'This export was sealed for another server; recover it where the station is enrolled.',
      },
      cause,
    );
  }
  const counts: Record<string, number> = {};
  const count = (state: string, by = 1) => {
    counts[state] = (counts[state] ?? 0) + by;
  };
  for (const { journal, continues, entries } of file.journals) {
    const opened = entries.flatMap((entry) => {
      const wire = openEntry(dataKey, entry);
      if (wire === undefined) count('damaged');
      return wire ?? [];
    });
    for (let from = 0; from < opened.length; from += batchLimit.entries) {
      const part = opened.slice(from, from + batchLimit.entries);
      const text = JSON.stringify({
        protocol: protocolVersion,
        station: file.station,
        journal,
        ...(continues === undefined ? {} : { continues }),
        entries: part,
      });
      const answer = await intake(bank, file.station, text);
      if (answer.type === 'receipts') for (const receipt of answer.receipts) count(receipt.state);
      else count('waiting', part.length);
    }
  }
  return counts;
}

export const recoverCommands: Readonly<Record<string, Command>> = {
  recover: {
    usage: 'recover EXPORT',
    what: 'takes in what a station exported, or kept as its second copy, because it could not send it',
    async run(bank, [file]) {
      if (file === undefined) throw usageProblem(this.usage);
      const text = readText(file);
      const counts = await recoverExport(bank, exportOfCopy(text) ?? jsonOf(text, file));
      for (const [state, number] of Object.entries(counts)) say(`${state}: ${number}`);
    },
  },
};
