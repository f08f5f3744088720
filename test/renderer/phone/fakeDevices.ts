/** Microphones and speakers that can be plugged in and out. As much of MediaDevices as the phone uses. */

export class FakeTrack extends EventTarget {
  readyState: 'live' | 'ended' = 'live';
  enabled = true;
  clones: FakeTrack[] = [];
  constructor(readonly device = '') {
    super();
  }
  stop() {
    this.readyState = 'ended';
  }
  clone() {
    const copy = new FakeTrack(this.device);
    this.clones.push(copy);
    return copy;
  }
  /** The headset was pulled out: what a browser does to its tracks. */
  pullOut() {
    for (const track of [this, ...this.clones]) {
      track.readyState = 'ended';
      track.dispatchEvent(new Event('ended'));
    }
  }
}

type Device = { kind: MediaDeviceKind; deviceId: string; label: string; groupId: string };
const device = (kind: MediaDeviceKind, deviceId: string, label: string, groupId = deviceId): Device => ({
  kind,
  deviceId,
  label,
  groupId,
});
export const microphoneOf = (id: string, label = id) => device('audioinput', id, label);
export const speakerOf = (id: string, label = id) => device('audiooutput', id, label);

const named = (name: string) => Object.assign(new Error(name), { name });

/** `real`: in the order of the system; the first of a kind is its default. */
export function fakeDevices(real: readonly Device[]) {
  const events = new EventTarget();
  const tracks: FakeTrack[] = [];
  const asked: string[] = [];
  const state = { devices: [...real], refuse: null as string | null, blind: false };
  const all = () => {
    if (state.blind) return [...new Set(state.devices.map(({ kind }) => kind))].map((kind) => device(kind, '', '', ''));
    return (['audioinput', 'audiooutput'] as const).flatMap((kind) => {
      const own = state.devices.filter((each) => each.kind === kind);
      const [first] = own;
      return first ? [device(kind, 'default', `Default - ${first.label}`, first.groupId), ...own] : [];
    });
  };
  const media = {
    enumerateDevices: async () => all(),
    addEventListener: events.addEventListener.bind(events),
    async getUserMedia({ audio }: { audio: { deviceId?: { exact?: string; ideal?: string } } }) {
      const exact = audio.deviceId?.exact;
      asked.push(exact ?? '');
      if (state.refuse !== null) throw named(state.refuse);
      const inputs = state.devices.filter(({ kind }) => kind === 'audioinput');
      const found = exact === undefined ? inputs[0] : inputs.find(({ deviceId }) => deviceId === exact);
      if (!found) throw named(exact === undefined ? 'NotFoundError' : 'OverconstrainedError');
      const track = new FakeTrack(found.deviceId);
      tracks.push(track);
      return { getAudioTracks: () => [track], getTracks: () => [track] };
    },
  };
  return {
    media: media as unknown as MediaDevices, // as: the members used are there
    /** Every microphone that was ever opened, in order. */
    tracks,
    /** What was asked for, '' for the default. */
    asked,
    state,
    live: () => tracks.filter(({ readyState }) => readyState === 'live').map(({ device: id }) => id),
    /** The devices are these now; whoever listens is told. */
    async plug(...now: Device[]) {
      state.devices = now;
      events.dispatchEvent(new Event('devicechange'));
      await settled();
    },
  };
}

/** What was begun has been carried out: promises only, no timer. */
export const settled = async () => {
  for (let turn = 0; turn < 30; turn++) await Promise.resolve();
};
