/**
 * What the page may ask of the shell: channel names, argument schemas and the type, in one place (architecture §9).
 * The preload is closed with `satisfies Bridge`; the shell parses every argument and throws; `renderer/app/bridge.ts` is the same
 * type in a plain browser.
 *
 *   vault      keeps a secret for this operating-system user; `vaultState` says honestly whether anything protects it
 *   settings   what is no secret: language, theme, window, devices, own keys
 *   closing    the shell asks before it closes; the page says what would be lost
 *   power      the machine stays awake while somebody talks
 *   copy       what was not uploaded, sealed, in a file beside the page's own database
 */
import { z } from 'zod';

export const vaultNames = ['dataKey', 'refreshToken'] as const;
export type VaultName = (typeof vaultNames)[number];

/** A microphone, speaker or ringer that was chosen; null: the system's default. The label finds it when another socket gave it another id. */
export const deviceSettingSchema = z
  .strictObject({ id: z.string().min(1).max(200), label: z.string().max(200) })
  .nullable();
export type DeviceSetting = z.infer<typeof deviceSettingSchema>;

/** A key that was chosen for a command: `event.code` and what is held down with it. */
const chordSchema = z.strictObject({
  code: z.string().min(1).max(30),
  ctrl: z.literal(true).optional(),
  shift: z.literal(true).optional(),
  alt: z.literal(true).optional(),
  meta: z.literal(true).optional(),
});

const ownKeysSchema = z.record(z.string().max(40), chordSchema);
export type OwnKeys = z.infer<typeof ownKeysSchema>;
export type Chord = Readonly<OwnKeys[string]>;

export const settingsSchema = z.strictObject({
  language: z.enum(['zh', 'en']).optional(),
  theme: z.enum(['light', 'dark', 'system']).optional(),
  microphone: deviceSettingSchema.optional(),
  speaker: deviceSettingSchema.optional(),
  ringer: deviceSettingSchema.optional(),
  /** By account, for several share a desk, and by command (renderer/app/keyMap.ts). */
  keys: z.record(z.string().max(40), ownKeysSchema).optional(),
});
export type Settings = z.infer<typeof settingsSchema>;

/** The settings among `stored` that are still valid, one by one. */
export function validSettings(stored: unknown): Settings {
  if (typeof stored !== 'object' || stored === null) return {};
  const kept = Object.entries(stored).filter(([name, value]) => settingsSchema.safeParse({ [name]: value }).success);
  return settingsSchema.parse(Object.fromEntries(kept));
}

/** 'keyring': protected by the operating system. 'none': no keyring here, ask for a station PIN instead. */
export type VaultState = 'keyring' | 'none';

/** What the page would lose if it closed now. */
export const closeRiskSchema = z.strictObject({ inCall: z.boolean(), unsent: z.number().int().nonnegative() });
export type CloseRisk = z.infer<typeof closeRiskSchema>;

/** From the managed configuration of the machine, or from the launcher. `enrolmentCode` is one-time. */
export const stationConfigurationSchema = z.strictObject({
  serverOrigin: z.url({ protocol: /^https?$/ }),
  enrolmentCode: z.string().max(64).optional(),
  /** Practice and demo have a journal and data of their own; never mixed with real ones. */
  practice: z.boolean().optional(),
});
export type StationConfiguration = z.infer<typeof stationConfigurationSchema>;

/** A second copy that was put aside: where, and how many entries are in it. */
export type PutAside = { readonly path: string; readonly entries: number };

export const channels = {
  'configuration.read': z.tuple([]),
  'vault.state': z.tuple([]),
  'vault.read': z.tuple([z.enum(vaultNames)]),
  'vault.write': z.tuple([z.enum(vaultNames), z.string().min(1).max(20_000)]),
  'vault.forget': z.tuple([z.enum(vaultNames)]),
  'settings.read': z.tuple([]),
  'settings.write': z.tuple([settingsSchema]),
  'closing.risk': z.tuple([closeRiskSchema]),
  'power.keepAwake': z.tuple([z.boolean()]),
  'file.save': z.tuple([z.string().max(200), z.string().max(50_000_000)]),
  'copy.begin': z.tuple([z.string().min(1).max(10_000)]),
  'copy.append': z.tuple([z.string().min(1).max(20_000_000)]),
  'copy.putAside': z.tuple([]),
} as const;
export type Channel = keyof typeof channels;

export type Bridge = {
  /** 'shell' in Electron, 'browser' otherwise: what differs for a person (no offline start, no vault). */
  readonly host: 'shell' | 'browser';
  readConfiguration(): Promise<StationConfiguration>;
  vaultState(): Promise<VaultState>;
  readVault(name: VaultName): Promise<string | null>;
  writeVault(name: VaultName, value: string): Promise<void>;
  forgetVault(name: VaultName): Promise<void>;
  readSettings(): Promise<Settings>;
  /** Replaces the named settings, keeps the others. */
  writeSettings(settings: Settings): Promise<void>;
  /** The page says it whenever it changes; the shell asks before closing while it is not nothing. */
  sayCloseRisk(risk: CloseRisk): Promise<void>;
  /** Neither the screen nor the machine goes to sleep until it is said again with false. */
  keepAwake(awake: boolean): Promise<void>;
  /** Lets the person choose where; false when they did not. `text` is written as UTF-8. */
  saveFile(suggestedName: string, text: string): Promise<boolean>;
  /** Begins the second copy anew with one line; nothing of the old one stays. Lines carry no line end. */
  beginCopy(head: string): Promise<void>;
  /** Adds lines; durable when it resolves. */
  appendCopy(lines: string): Promise<void>;
  /** For a database that is gone: keeps its second copy under a name of its own. null: there is none, or nothing is in it. */
  putCopyAside(): Promise<PutAside | null>;
  /** Wake, unlock and network changes of the machine; returns the way to stop listening. */
  onPower(listener: (event: 'suspend' | 'resume' | 'lock' | 'unlock') => void): () => void;
  /** A `tel:`/`sip:`/`huifang:` link was opened: parsed, to be confirmed, never dialled directly. */
  onLink(listener: (link: { scheme: 'tel' | 'sip' | 'huifang'; target: string }) => void): () => void;
};
