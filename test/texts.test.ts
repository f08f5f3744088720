import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync, Visitor } from 'vite';
import { describe, expect, it } from 'vitest';

/**
 * Chinese sentences have Chinese punctuation, in every text of the product: a half-width mark beside a Chinese character looks like a
 * slip of the hand. Comments and patterns are not texts; English sentences may name a Chinese word.
 */
const root = join(import.meta.dirname, '..');
const rooms = ['renderer', 'shared', 'server', 'electron', 'practice'];

const chinese = '[\\u3400-\\u9fff\\u3001-\\u3011\\uff01-\\uff5e]';
const beside = new RegExp(`${chinese} ?[,:;?!()]|[,:;?!()] ?${chinese}`, 'u');

/** Mostly Chinese: a sentence whose letters are names and keys. */
function isChinese(text: string): boolean {
  const characters = text.match(/[\u3400-\u9fff]/gu)?.length ?? 0;
  const letters = text.replaceAll(/\$\{[^}]*\}/g, '').match(/[A-Za-z]/g)?.length ?? 0;
  return characters > 0 && letters <= 3 * characters;
}

/** What a program says, as it stands in the source. A placeholder counts as nothing. */
function textsOf(path: string, source: string): string[] {
  const texts: string[] = [];
  const add = (node: { start: number; end: number }) => texts.push(source.slice(node.start, node.end));
  new Visitor({
    Literal: (node) => {
      if (typeof node.value === 'string') add(node);
    },
    TemplateLiteral: add,
    JSXText: add,
  }).visit(parseSync(path, source).program);
  return texts.map((text) => text.replaceAll(/\$\{[^}]*\}/g, '\u25a1'));
}

/** The texts of the scripts, which are data. */
const wordsOf = (json: string) => [...json.matchAll(/"zh": "((?:[^"\\]|\\.)*)"/g)].map(([, text]) => text ?? '');

const files = rooms.flatMap((room) =>
  readdirSync(join(root, room), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(tsx?|json)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name)),
);

const slips = (texts: readonly string[]) => texts.filter((text) => isChinese(text) && beside.test(text));

describe('Chinese texts', () => {
  it('have full-width punctuation beside Chinese characters, in every room', () => {
    let sentences = 0;
    const found = files.flatMap((path) => {
      const source = readFileSync(path, 'utf8');
      const texts = path.endsWith('.json') ? wordsOf(source) : textsOf(path, source);
      sentences += texts.filter(isChinese).length;
      return slips(texts).map((text) => `${path.slice(root.length + 1)}: ${text}`);
    });
    expect(found).toEqual([]);
    expect(sentences).toBeGreaterThan(1_000);
  }, 60_000);

  it('a slip is noticed in a text, a template and an element; a comment, a pattern and English are none', () => {
    // biome-ignore-start lint/suspicious/noTemplateCurlyInString: programs as text
    const source = [
      "const one = '请稍候,再试';",
      'const two = `线路返回:${word}`;',
      'const three = <p>口令(六位)</p>;',
      "const good = ['请稍候，再试', '9:30 起', 'the state 拨前校验: which number', `${a}:${b}`];",
      'const pattern = /第?一/; // 注释,不算',
    ].join('\n');
    // biome-ignore-end lint/suspicious/noTemplateCurlyInString: programs as text
    expect(slips(textsOf('slips.tsx', source))).toEqual(["'请稍候,再试'", '`线路返回:\u25a1`', '口令(六位)']);
  });
});
