/** Writes the sealed export of what was not uploaded; shared/journal/export.ts says what is in it and how it is opened. */
import { toBase64 } from '#shared/base64.ts';
import { exportFormat, type SealedExport } from '#shared/journal/export.ts';
import { readHead, readKeyRow, type StationDatabase } from './database.ts';
import { storageProblemOf, storageProblems } from './storageProblem.ts';

/** The text of the file, and how many entries are in it. Needs no data key: rows leave as they lie. Rejects with a storage Problem. */
export async function exportUnsent(database: StationDatabase): Promise<{ text: string; entries: number }> {
  try {
    const [head, dataKey, station] = await Promise.all([
      readHead(database),
      readKeyRow(database, 'dataKey'),
      readKeyRow(database, 'station'),
    ]);
    if (head === undefined || dataKey === undefined || station === undefined) throw storageProblems.broken();
    const rows = await database.entries.orderBy('waiting').toArray();
    const journals = head.journals.map((origin) => ({
      ...origin,
      entries: rows
        .filter((row) => row.journal === origin.journal)
        .flatMap(({ header, sealed }) =>
          sealed === undefined ? [] : [{ header, iv: toBase64(sealed.iv), data: toBase64(sealed.data) }],
        ),
    }));
    const file: SealedExport = {
      format: exportFormat,
      station: station.station,
      wrappedKey: dataKey.byServer,
      journals: journals.filter(({ entries }) => entries.length > 0),
    };
    return { text: JSON.stringify(file), entries: rows.length };
  } catch (error) {
    throw storageProblemOf(error);
  }
}
