/** Base64 (RFC 4648, padded) without a platform: the same code in the page, the server and the tests. */
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const values = new Map([...alphabet].map((letter, value) => [letter, value]));

export function toBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let i = 0; i < bytes.length; i += 3) {
    const [a, b, c] = [bytes[i] ?? 0, bytes[i + 1], bytes[i + 2]];
    const bits = (a << 16) | ((b ?? 0) << 8) | (c ?? 0);
    parts.push(
      alphabet.charAt(bits >> 18),
      alphabet.charAt((bits >> 12) & 63),
      b === undefined ? '=' : alphabet.charAt((bits >> 6) & 63),
      c === undefined ? '=' : alphabet.charAt(bits & 63),
    );
  }
  return parts.join('');
}

/** Throws on anything that is not padded base64. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const body = text.replace(/={1,2}$/, '');
  if (text.length % 4 !== 0 || body.length % 4 === 1) throw new Error('not base64');
  const bytes = new Uint8Array(Math.floor((body.length * 3) / 4));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const letter of body) {
    const value = values.get(letter);
    if (value === undefined) throw new Error('not base64');
    bits = ((bits << 6) | value) & 0xffffff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes[at++] = (bits >> held) & 0xff;
    }
  }
  return bytes;
}
