/**
 * The page's side of the bridge: `window.huifang`. Sandboxed, so it is bundled into one CommonJS file and has of Electron only these two.
 * A Problem of the shell arrives as data and is thrown as a plain object {name: 'Problem', code, category, sentence}: an instance cannot
 * cross the isolated world's border.
 */
import { contextBridge, ipcRenderer } from 'electron';
import type { Bridge, Channel, Settings, VaultName } from '#shared/bridge.ts';
import type { BridgeAnswer } from './handlers.ts';

async function ask<T>(channel: Channel, ...args: unknown[]): Promise<T> {
  const answer: BridgeAnswer = await ipcRenderer.invoke(channel, ...args);
  if (answer.ok) return answer.value as T; // the handler of this channel is typed by the same table
  const { code, category, sentence } = answer;
  throw { name: 'Problem', message: `${code}: ${sentence.en}`, code, category, sentence };
}

/** What the shell says by itself. Kept until somebody listens: a link may be what started us. */
function told<T>(channel: 'power' | 'link') {
  const listeners = new Set<(what: T) => void>();
  const kept: T[] = [];
  ipcRenderer.on(channel, (_event, what: T) => {
    if (listeners.size === 0) kept.push(what);
    for (const listener of listeners) listener(what);
  });
  return (listener: (what: T) => void) => {
    listeners.add(listener);
    for (const what of kept.splice(0)) listener(what);
    return () => {
      listeners.delete(listener);
    };
  };
}

const onPower = told<'suspend' | 'resume' | 'lock' | 'unlock'>('power');
const onLink = told<{ scheme: 'tel' | 'sip' | 'huifang'; target: string }>('link');

const bridge = {
  host: 'shell',
  readConfiguration: () => ask('configuration.read'),
  vaultState: () => ask('vault.state'),
  readVault: (name: VaultName) => ask('vault.read', name),
  writeVault: (name: VaultName, value: string) => ask('vault.write', name, value),
  forgetVault: (name: VaultName) => ask('vault.forget', name),
  readSettings: () => ask('settings.read'),
  writeSettings: (settings: Settings) => ask('settings.write', settings),
  sayCloseRisk: (risk) => ask('closing.risk', risk),
  keepAwake: (awake) => ask('power.keepAwake', awake),
  saveFile: (suggestedName: string, text: string) => ask('file.save', suggestedName, text),
  beginCopy: (head: string) => ask('copy.begin', head),
  appendCopy: (lines: string) => ask('copy.append', lines),
  putCopyAside: () => ask('copy.putAside'),
  onPower,
  onLink,
} satisfies Bridge;

contextBridge.exposeInMainWorld('huifang', bridge);
