/**
 * The options of the process. Command line first, then the environment (HUIFANG_PRACTICE_PORT and so on): secrets are
 * better given by the environment, which other users of the machine cannot read.
 */
import { parseArgs } from 'node:util';
import { z } from 'zod';

const listSchema = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
);
const accountsSchema = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue({ code: 'custom', message: 'accounts: not JSON' });
      return z.NEVER;
    }
  })
  .pipe(z.record(z.string().regex(/^\w{1,32}$/), z.string().min(1)));

export const optionsSchema = z.strictObject({
  port: z.coerce.number().int().min(0).max(65_535).default(0),
  origins: listSchema.default([]),
  accounts: accountsSchema,
  controlToken: z.string().min(8).optional(),
  speed: z.coerce.number().min(1).max(100).default(1),
  log: z.string().min(1).optional(),
  prompts: z.string().min(1).optional(),
  withParent: z.boolean().default(false),
});
export type ProcessOptions = z.infer<typeof optionsSchema>;

const text = { type: 'string' } as const;

/** Throws when an option is unknown or cannot be read; the message names it. */
export function readOptions(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): ProcessOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      port: text,
      origins: text,
      accounts: text,
      'control-token': text,
      speed: text,
      log: text,
      prompts: text,
      'with-parent': { type: 'boolean' },
    },
  });
  const from = (name: string): string | undefined => environment[`HUIFANG_PRACTICE_${name}`];
  return optionsSchema.parse({
    port: values.port ?? from('PORT'),
    origins: values.origins ?? from('ORIGINS'),
    accounts: values.accounts ?? from('ACCOUNTS'),
    controlToken: values['control-token'] ?? from('CONTROL_TOKEN'),
    speed: values.speed ?? from('SPEED'),
    log: values.log ?? from('LOG'),
    prompts: values.prompts ?? from('PROMPTS'),
    withParent: values['with-parent'] ?? from('WITH_PARENT') === '1',
  });
}
