/**
 * The shell's side of the bridge: one handler per channel of `shared/bridge.ts`, exhaustively. Who asks is checked first, then what is
 * asked; a Problem travels as data, because an error that crosses Electron's bridge keeps only its message.
 */
import { basename } from 'node:path';
import type { IpcMain, IpcMainInvokeEvent } from 'electron';
import type { z } from 'zod';
import { type Channel, channels, type StationConfiguration } from '#shared/bridge.ts';
import { Problem, type ProblemCategory } from '#shared/problem.ts';
import type { Text } from '#shared/text.ts';
import type { Awake } from './awake.ts';
import type { CloseGuard } from './closeGuard.ts';
import { writeWhole } from './files.ts';
import { say } from './log.ts';
import type { SecondCopy } from './secondCopy.ts';
import type { SettingsStore } from './settings.ts';
import type { Vault } from './vault.ts';

export type BridgeAnswer =
  | { ok: true; value: unknown }
  | { ok: false; code: string; category: ProblemCategory; sentence: Text };

export type Handlers = { [C in Channel]: (...args: z.infer<(typeof channels)[C]>) => unknown };

type Parts = {
  configuration: StationConfiguration;
  vault: Vault;
  settings: SettingsStore;
  closeGuard: CloseGuard;
  awake: Awake;
  secondCopy: SecondCopy;
  /** Lets the person choose; undefined when they did not. */
  askWhere(suggestedName: string): Promise<string | undefined>;
};

export function createHandlers({
  configuration,
  vault,
  settings,
  closeGuard,
  awake,
  secondCopy,
  askWhere,
}: Parts): Handlers {
  return {
    'configuration.read': () => configuration,
    'vault.state': () => vault.state(),
    'vault.read': (name) => vault.read(name),
    'vault.write': (name, value) => vault.write(name, value),
    'vault.forget': (name) => vault.forget(name),
    'settings.read': () => settings.readSettings(),
    'settings.write': (changed) => settings.writeSettings(changed),
    'closing.risk': (risk) => closeGuard.setRisk(risk),
    'power.keepAwake': (wanted) => awake.keep(wanted),
    'file.save': async (suggestedName, text) => {
      const path = await askWhere(basename(suggestedName.replaceAll('\\', '/')));
      if (path === undefined) return false;
      await writeWhole(path, text).catch((cause: unknown) => {
        throw new Problem(
          'FILE_NOT_WRITTEN',
          'storage',
          {
            zh: '文件无法写入。请选择其他位置，或检查磁盘空间。',
            en: 'The file could not be written. Choose another place, or check the space on the disk.',
          },
          cause,
        );
      });
      return true;
    },
    'copy.begin': (head) => secondCopy.begin(head),
    'copy.append': (lines) => secondCopy.append(lines),
    'copy.putAside': () =>
      secondCopy.putAside().catch((cause: unknown) => {
        throw new Problem(
          'COPY_NOT_KEPT',
          'storage',
          {
            zh: '未上传记录的副本无法另存。请检查磁盘空间和数据文件夹的权限，再重试。',
            en: 'The copy of what was not uploaded could not be put aside. Check the space on the disk and the rights of the data folder, then try again.',
          },
          cause,
        );
      }),
  };
}

/** Answers one call of the page. `isOurPage` decides by the frame that sent it. Bugs are thrown on. */
export async function answer<C extends Channel>(
  handlers: Handlers,
  channel: C,
  args: readonly unknown[],
  isOurPage: boolean,
): Promise<BridgeAnswer> {
  try {
    if (!isOurPage) {
      throw new Problem('FOREIGN_SENDER', 'access', {
        zh: '这个页面不允许使用本机功能。',
        en: 'This page may not use the functions of this machine.',
      });
    }
    const parsed = channels[channel].safeParse(args);
    if (!parsed.success) {
      throw new Problem(
        'BAD_ARGUMENTS',
        'input',
        {
          zh: '请求的内容不符合约定。请更新程序。',
          en: 'The request does not have the agreed form. Update the program.',
        },
        parsed.error,
      );
    }
    // The schema just parsed is the one the handler's type is inferred from; TypeScript cannot connect the two for a generic C.
    const handler = handlers[channel] as (...args: unknown[]) => unknown;
    return { ok: true, value: await handler(...parsed.data) };
  } catch (cause) {
    if (!(cause instanceof Problem)) throw cause;
    say('bridge.refused', { channel, code: cause.code });
    return { ok: false, code: cause.code, category: cause.category, sentence: cause.sentence };
  }
}

export function connectHandlers(
  ipc: Pick<IpcMain, 'handle'>,
  handlers: Handlers,
  isOurPage: (event: IpcMainInvokeEvent) => boolean,
): void {
  for (const channel of Object.keys(channels) as Channel[]) // the table's own keys
    ipc.handle(channel, (event, ...args: unknown[]) => answer(handlers, channel, args, isOurPage(event)));
}
