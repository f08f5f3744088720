/**
 * The managed configuration: which server this installation belongs to. In order of preference
 *   --configuration=FILE          the administrator's shortcut, or a test
 *   HUIFANG_CONFIGURATION=JSON    the launcher
 *   a file for the whole machine  rolled out by the bank
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type StationConfiguration, stationConfigurationSchema } from '#shared/bridge.ts';
import { Problem } from '#shared/problem.ts';
import { isLoopback } from './page.ts';

export type Surroundings = {
  argv: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  platform: string;
  /** Undefined when there is no such file; throws for every other trouble. */
  readFile(path: string): string | undefined;
};

/** What this process was really started with. */
export const surroundings = (): Surroundings => ({
  argv: process.argv,
  env: process.env,
  platform: process.platform,
  readFile: (path) => (existsSync(path) ? readFileSync(path, 'utf8') : undefined),
});

/** Where an administrator puts the file that holds for the whole machine. */
export function machineFile(platform: string, env: Surroundings['env']): string {
  if (platform === 'win32') return join(env.ProgramData ?? 'C:\\ProgramData', 'Huifang', 'configuration.json');
  if (platform === 'darwin') return '/Library/Application Support/Huifang/configuration.json';
  return '/etc/huifang/configuration.json';
}

/** Throws Problem CONFIGURATION_MISSING, CONFIGURATION_MALFORMED or CONFIGURATION_INSECURE. */
export function readConfiguration(from: Surroundings): StationConfiguration {
  const { text, source } = find(from);
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    throw malformed(source, 'JSON', cause);
  }
  const parsed = stationConfigurationSchema.safeParse(content);
  if (!parsed.success) {
    const where = parsed.error.issues.map((issue) => issue.path.join('.') || issue.code).join(', ');
    throw malformed(source, where, parsed.error);
  }
  const { serverOrigin } = parsed.data;
  if (new URL(serverOrigin).protocol === 'http:' && !isLoopback(serverOrigin)) {
    throw new Problem('CONFIGURATION_INSECURE', 'input', {
      zh: '配置中的后台地址不是 https。只有本机地址可以用 http，请联系管理员改正。',
      en: 'The server address of the configuration is not https. Plain http is for this machine only; ask your administrator to correct it.',
    });
  }
  return parsed.data;
}

function find({ argv, env, platform, readFile }: Surroundings): { text: string; source: string } {
  const named = argv.find((argument) => argument.startsWith('--configuration='))?.slice('--configuration='.length);
  const given = env.HUIFANG_CONFIGURATION;
  if (named === undefined && given !== undefined) return { text: given, source: 'HUIFANG_CONFIGURATION' };
  const path = named ?? machineFile(platform, env);
  let text: string | undefined;
  try {
    text = readFile(path);
  } catch (cause) {
    throw malformed(path, 'unreadable', cause);
  }
  if (text !== undefined) return { text, source: path };
  throw new Problem('CONFIGURATION_MISSING', 'input', {
    zh: `找不到本机配置，不知道该连接哪个后台。请让管理员提供 ${path}，或用 --configuration=文件 指定。`,
    en: `There is no configuration, so the server is unknown. Ask your administrator for ${path}, or name a file with --configuration=FILE.`,
  });
}

const malformed = (source: string, where: string, cause: unknown) =>
  new Problem(
    'CONFIGURATION_MALFORMED',
    'input',
    {
      zh: `配置无法读取（${source}：${where}）。请联系管理员改正。`,
      en: `The configuration cannot be read (${source}: ${where}). Ask your administrator to correct it.`,
    },
    cause,
  );
