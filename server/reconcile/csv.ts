/**
 * A table as a PBX exports it: CSV after RFC 4180 with comma, semicolon or tab, in UTF-8 (with or without a mark), UTF-16 or GBK. Each record
 * knows the line it begins at: that is how a person finds it.
 */
export type CsvRecord = {
  /** 1 is the first line of the file. */
  line: number;
  fields: readonly string[];
  /** A quote was opened and never closed, or something stands behind a closing one. */
  broken: boolean;
};

/** GBK where it is no UTF-8: bytes of GBK text are almost never valid UTF-8. */
export function decodeText(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030').decode(bytes); // GBK and its successor
  }
}

/** The separator of the first line: the one that stands there most often. */
function separatorOf(text: string): string {
  const [first = ''] = text.split(/\r?\n/, 1);
  const count = (separator: string) => first.split(separator).length;
  return [',', ';', '\t'].reduce((best, one) => (count(one) > count(best) ? one : best));
}

/** Empty lines are left out. */
export function parseCsv(source: string): CsvRecord[] {
  const text = source.replaceAll('\0', '');
  const separator = separatorOf(text);
  const records: CsvRecord[] = [];
  let at = 0;
  let line = 1;
  while (at < text.length) {
    const began = line;
    const fields: string[] = [];
    let broken = false;
    for (;;) {
      let field = '';
      if (text[at] === '"') {
        const opened = at;
        at += 1;
        for (;;) {
          const close = text.indexOf('"', at);
          if (close < 0) {
            // Never closed: only its own line is given up, the file goes on behind it.
            const end = endOfLine(text, at);
            field += text.slice(at, end);
            at = end;
            broken = true;
            break;
          }
          field += text.slice(at, close);
          at = close + 1;
          if (text[at] !== '"') break;
          field += '"';
          at += 1;
        }
        const rest = endOfField(text, at, separator);
        if (text.slice(at, rest).trim() !== '') broken = true;
        at = rest;
        if (broken && field.includes('\n')) {
          // It closed with the opening quote of a later row: again only its own line is given up.
          at = endOfLine(text, opened);
          field = text.slice(opened + 1, at);
        }
        line += field.split('\n').length - 1;
      } else {
        const end = endOfField(text, at, separator);
        field = text.slice(at, end);
        at = end;
      }
      fields.push(field.trim());
      if (text[at] !== separator) break;
      at += 1;
    }
    if (text[at] === '\r') at += 1;
    if (text[at] === '\n') at += 1;
    line += 1;
    if (fields.some((field) => field !== '')) records.push({ line: began, fields, broken });
  }
  return records;
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  if (end < 0) return text.length;
  return text[end - 1] === '\r' && end > from ? end - 1 : end;
}

function endOfField(text: string, from: number, separator: string): number {
  const line = endOfLine(text, from);
  const end = text.indexOf(separator, from);
  return end < 0 || end > line ? line : end;
}
