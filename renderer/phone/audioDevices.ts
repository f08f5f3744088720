/**
 * Which device each role uses. Chosen once and remembered by id and label (an id may change with the socket a headset is plugged into, a
 * label does not), used while it is there:
 *
 *   chosen and there ──unplugged──► away: the system's default is used, told as `lost`
 *         ▲                             │
 *         └────── plugged in again ─────┘ told as `returned`, by itself
 *
 * Nothing chosen: the system's default, and whichever device that is now; another one is told as `changed`.
 *
 * Assumption: before the microphone is permitted a browser lists devices without ids and labels. Nothing is called away then.
 */

export const audioRoles = ['microphone', 'speaker', 'ringer'] as const;
export type AudioRole = (typeof audioRoles)[number];

export type AudioDevice = { id: string; label: string };

export type RoleDevices = {
  /** Without the entries that only mean "the default". */
  devices: readonly AudioDevice[];
  /** null: the system's default. */
  chosen: AudioDevice | null;
  /** id '' is the system's default; the label is '' when it is not known. */
  used: AudioDevice;
  /** The chosen one is not there. */
  away: boolean;
  /** There is no device of this kind at all. */
  none: boolean;
};

export type DeviceNews = 'lost' | 'returned' | 'changed';

export type AudioDevices = {
  of(role: AudioRole): RoleDevices;
  /** What was remembered from earlier; tells nothing. */
  restore(chosen: Partial<Record<AudioRole, AudioDevice | null | undefined>>): void;
  /** null: the system's default. Told as `changed` when another device is used now. */
  choose(role: AudioRole, device: AudioDevice | null): void;
  /** Asks the system anew; by itself after each `devicechange`. Never rejects. */
  look(): Promise<void>;
  onNews(listener: (role: AudioRole, news: DeviceNews) => void): () => void;
};

export type DeviceList = Pick<MediaDevices, 'enumerateDevices' | 'addEventListener'>;

type Entry = { id: string; label: string; group: string };

const kinds: Readonly<Record<AudioRole, MediaDeviceKind>> = {
  microphone: 'audioinput',
  speaker: 'audiooutput',
  ringer: 'audiooutput',
};
/** Chromium's entries that stand for another one: "Default - Headset". */
const aliases = new Set(['', 'default', 'communications']);
const withoutAlias = (label: string) => label.replace(/^[^-–]{1,20} [-–] (?=\S)/, '');

export function createAudioDevices(media: DeviceList | undefined): AudioDevices {
  let entries: Readonly<Record<MediaDeviceKind, readonly Entry[]>> | null = null;
  const chosen: Record<AudioRole, AudioDevice | null> = { microphone: null, speaker: null, ringer: null };
  const listeners = new Set<(role: AudioRole, news: DeviceNews) => void>();

  const find = (role: AudioRole) => {
    const all = entries?.[kinds[role]] ?? [];
    /** Nobody may know what there is. */
    const blind = entries === null || all.some(({ id }) => id === '');
    const wish = chosen[role];
    const real = all.filter(({ id }) => !aliases.has(id));
    const match =
      wish && (real.find(({ id }) => id === wish.id) ?? real.find(({ label }) => label !== '' && label === wish.label));
    const standard = all.find(({ id }) => id === 'default') ?? real[0];
    return { blind, wish, real, match, standard, none: entries !== null && all.length === 0 };
  };

  const of = (role: AudioRole): RoleDevices => {
    const { blind, wish, real, match, standard, none } = find(role);
    const fallback = { id: '', label: withoutAlias(standard?.label ?? '') };
    return {
      devices: real.map(({ id, label }) => ({ id, label })),
      chosen: wish,
      used: match ? { id: match.id, label: match.label } : blind && wish ? wish : fallback,
      away: wish !== null && !match && !blind,
      none,
    };
  };

  /** What decides whether another device is used than before: the default stands for another one when its group is another. */
  const traceOf = (role: AudioRole) => {
    const { blind, match, standard, wish } = find(role);
    if (blind) return { used: wish?.id ?? null, away: false };
    return { used: match ? match.id : `default ${standard?.group ?? ''}`, away: wish !== null && !match };
  };

  const compare = (change: () => void) => {
    const before = audioRoles.map(traceOf);
    change();
    for (const [index, role] of audioRoles.entries()) {
      const was = before[index];
      const now = traceOf(role);
      if (!was || now.used === null) continue;
      // First seen and already away: the headset was unplugged while nobody looked.
      const news: DeviceNews | null =
        now.away && !was.away
          ? 'lost'
          : was.used === null || now.used === was.used
            ? null
            : was.away && !now.away && chosen[role] !== null
              ? 'returned'
              : 'changed';
      if (news !== null) for (const listener of [...listeners]) listener(role, news);
    }
  };

  const look = async () => {
    const found = await media?.enumerateDevices().catch(() => null);
    if (!found) return;
    const entriesOf = (kind: MediaDeviceKind) =>
      found
        .filter((device) => device.kind === kind)
        .map(({ deviceId, label, groupId }) => ({ id: deviceId, label, group: groupId }));
    compare(() => {
      entries = {
        audioinput: entriesOf('audioinput'),
        audiooutput: entriesOf('audiooutput'),
        videoinput: [],
      };
    });
  };
  media?.addEventListener('devicechange', () => void look());

  return {
    of,
    restore(remembered) {
      for (const role of audioRoles) chosen[role] = remembered[role] ?? null;
    },
    choose(role, device) {
      compare(() => {
        chosen[role] = device;
      });
    },
    look,
    onNews(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
