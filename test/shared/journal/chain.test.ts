import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { fromBase64, toBase64 } from '#shared/base64.ts';
import { bodyHashOf, type ChainEntry, chainStart, firstPrev, hashOf, verifyChain } from '#shared/journal/chain.ts';
import type { EntryHeader } from '#shared/journal/entry.ts';

const salt = toBase64(new Uint8Array(16).fill(7));

function chainOf(count: number): Required<ChainEntry>[] {
  const entries: Required<ChainEntry>[] = [];
  let prev = firstPrev;
  for (let seq = 1; seq <= count; seq += 1) {
    const body = JSON.stringify({ n: seq, 名: '甄样例' });
    const header: Omit<EntryHeader, 'hash'> = {
      journal: '6f1f6b1e-3f64-4c1e-9d51-0a4f6c3b8a11',
      seq,
      version: 1,
      kind: 'break.ended',
      at: '2026-03-02T09:00:00.000Z',
      clockOffset: null,
      clockOffsetAge: null,
      agent: 'agent-1',
      caseId: null,
      leaseEpoch: null,
      prev,
      bodyHash: bodyHashOf(salt, body),
    };
    prev = hashOf(header);
    entries.push({ header: { ...header, hash: prev }, salt, body });
  }
  return entries;
}

describe('the chain', () => {
  it('hashes a body as SHA-256 of the salt bytes and the UTF-8 text', () => {
    const body = '{"note":"您好 👋"}';
    const expected = createHash('sha256').update(Buffer.from(salt, 'base64')).update(Buffer.from(body, 'utf8'));
    expect(bodyHashOf(salt, body)).toBe(expected.digest('hex'));
  });

  it("hashes a header as SHA-256 of the JSON array of its fields in the schema's order", () => {
    const { hash, ...fields } = chainOf(1)[0]!.header;
    expect(hash).toBe(
      createHash('sha256')
        .update(JSON.stringify(Object.values(fields)))
        .digest('hex'),
    );
    const reordered = Object.fromEntries(Object.entries(fields).reverse()) as typeof fields; // the same fields
    expect(hash).toBe(hashOf(reordered));
  });

  it('a sound chain verifies to its head, whole or from any point on', () => {
    const entries = chainOf(5);
    const head = { seq: 5, hash: entries[4]!.header.hash };
    expect(verifyChain(entries)).toEqual({ sound: true, head });
    expect(verifyChain(entries.slice(2), { seq: 2, hash: entries[1]!.header.hash })).toEqual({ sound: true, head });
    expect(verifyChain([])).toEqual({ sound: true, head: chainStart });
  });

  it('an erased body leaves the chain sound', () => {
    expect(verifyChain(chainOf(4).map(({ header }) => ({ header })))).toMatchObject({ sound: true });
  });

  it('names the first broken record and what is wrong with it', () => {
    const broken = (change: (entries: Required<ChainEntry>[]) => void) => {
      const entries = chainOf(6);
      change(entries);
      return verifyChain(entries);
    };
    const fault = (seq: number, index: number, name: string) => ({ sound: false, seq, index, fault: name });
    expect(broken((e) => e.splice(2, 1))).toEqual(fault(4, 2, 'BAD_SEQ'));
    expect(broken((e) => Object.assign(e[3]!, { body: `${e[3]!.body} ` }))).toEqual(fault(4, 3, 'BAD_BODY'));
    expect(broken((e) => Object.assign(e[1]!.header, { agent: 'agent-2' }))).toEqual(fault(2, 1, 'BAD_HASH'));
    expect(
      broken((e) => {
        const header = { ...e[2]!.header, at: '2026-03-02T10:00:00.000Z' };
        e[2] = { ...e[2]!, header: { ...header, hash: hashOf(header) } };
      }),
    ).toEqual(fault(4, 3, 'BROKEN_CHAIN'));
  });
});

describe('base64', () => {
  it('is what everybody else calls base64', () => {
    for (let length = 0; length < 40; length += 1) {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 73 + length * 31) % 256);
      expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
      expect([...fromBase64(toBase64(bytes))]).toEqual([...bytes]);
    }
  });

  it('refuses what is not', () => {
    for (const text of ['A', 'AB=', 'A===', 'ab*d', '====']) expect(() => fromBase64(text)).toThrow();
  });
});
