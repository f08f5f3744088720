/** What the process is told: by arguments, secrets also by the environment (a command line can be read by every user of the machine). */
import { isIP } from 'node:net';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { Problem } from '#shared/problem.ts';
import type { PracticeLine } from './bank.ts';
import type { DatabaseChoice } from './database/open.ts';
import { shellOrigin } from './http/headers.ts';

/** The practice PBX's domain: any other is refused by it. */
const practiceDomain = 'practice.huifang';

const accountsSchema = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown; // parsed by the next step
    } catch {
      context.addIssue('is not JSON');
      return z.NEVER;
    }
  })
  .pipe(z.record(z.string().min(1).max(60), z.string().min(1).max(200)));

const optionsSchema = z.strictObject({
  port: z.coerce.number().int().min(0).max(65_535).default(7650),
  host: z.string().default('127.0.0.1'),
  data: z.string().min(1).default('.data/bank'),
  demo: z.boolean().default(false),
  'practice-line': z.url({ protocol: /^wss?$/ }).optional(),
  'practice-accounts': accountsSchema.optional(),
  renderer: z.string().optional(),
  origins: z
    .string()
    .default('')
    .transform((text) => text.split(',').filter((origin) => origin !== '')),
  'demo-enrolment-code': z.string().min(4).max(64).optional(),
  'with-parent': z.boolean().default(false),
  'tls-cert': z.string().optional(),
  'tls-key': z.string().optional(),
  'trust-proxy': z
    .string()
    .transform((text) => text.split(',').map((address) => address.trim()))
    .pipe(z.array(z.string().refine(isAddress, 'is no list of addresses or networks (10.0.0.5,10.1.0.0/24)')).min(1))
    .optional(),
});

export type ServerOptions = {
  port: number;
  host: string;
  database: DatabaseChoice;
  demo: boolean;
  practice: PracticeLine | undefined;
  renderer: string | undefined;
  origins: readonly string[];
  demoEnrolmentCode: string | undefined;
  withParent: boolean;
  tls: { certFile: string; keyFile: string } | undefined;
  /**
   * --trust-proxy ADDRESS,NETWORK/BITS: the balancers in front of us. Off by default. Without it all agents behind a balancer have its
   * address, and ten wrong passwords in a minute slow everybody down; with it the address is the one the balancer wrote into
   * X-Forwarded-For. Only named balancers are believed: anybody can write that header.
   */
  trustProxy: readonly string[] | undefined;
};

/** Throws `Problem` OPTIONS_WRONG with a sentence. */
export function readOptions(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): ServerOptions {
  let values: Record<string, unknown>;
  try {
    values = parseArgs({
      args: [...args],
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        data: { type: 'string' },
        demo: { type: 'boolean' },
        'practice-line': { type: 'string' },
        'practice-accounts': { type: 'string' },
        renderer: { type: 'string' },
        origins: { type: 'string' },
        'demo-enrolment-code': { type: 'string' },
        'with-parent': { type: 'boolean' },
        'tls-cert': { type: 'string' },
        'tls-key': { type: 'string' },
        'trust-proxy': { type: 'string' },
      },
    }).values;
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : 'unknown option');
  }
  const parsed = optionsSchema.safeParse({
    ...fromEnvironment(environment),
    ...values,
  });
  if (!parsed.success)
    throw wrong(parsed.error.issues.map((issue) => `--${issue.path.join('.')}: ${issue.message}`).join('; '));
  const options = parsed.data;
  const tls =
    options['tls-cert'] !== undefined && options['tls-key'] !== undefined
      ? { certFile: options['tls-cert'], keyFile: options['tls-key'] }
      : undefined;
  if (!isLoopback(options.host) && tls === undefined)
    throw new Problem('TLS_NEEDED', 'input', {
      zh: `监听 ${options.host} 需要 TLS：请用 --tls-cert 与 --tls-key 指定证书和私钥，或改用 127.0.0.1。`,
      en: `Listening on ${options.host} needs TLS: name a certificate and a key with --tls-cert and --tls-key, or use 127.0.0.1.`,
    });
  const line = options['practice-line'];
  return {
    port: options.port,
    host: options.host,
    database:
      environment.DATABASE_URL === undefined || environment.DATABASE_URL === ''
        ? { type: 'pglite', folder: options.data }
        : { type: 'postgresql', url: environment.DATABASE_URL },
    demo: options.demo,
    practice:
      line === undefined
        ? undefined
        : {
            url: line,
            domain: practiceDomain,
            accounts: Object.entries(options['practice-accounts'] ?? {}).map(([user, password]) => ({
              user,
              password,
            })),
          },
    renderer: options.renderer,
    origins: [...new Set([shellOrigin, ...options.origins])],
    demoEnrolmentCode: options['demo-enrolment-code'],
    withParent: options['with-parent'],
    tls,
    trustProxy: options['trust-proxy'],
  };
}

function fromEnvironment(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const named = {
    'practice-accounts': environment.HUIFANG_PRACTICE_ACCOUNTS,
    'demo-enrolment-code': environment.HUIFANG_DEMO_ENROLMENT_CODE,
    data: environment.HUIFANG_DATA,
  };
  return Object.fromEntries(
    Object.entries(named).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ''),
  );
}

/** An address, or a network in CIDR notation. */
function isAddress(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const version = isIP(address);
  if (version === 0 || more.length > 0) return false;
  return (
    bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= (version === 4 ? 32 : 128))
  );
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

function wrong(what: string): Problem {
  return new Problem('OPTIONS_WRONG', 'input', {
    zh: `启动参数有误：${what}`,
    en: `The options are wrong: ${what}`,
  });
}
