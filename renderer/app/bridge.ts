/**
 * The bridge as the page uses it: the shell's, or the same type in a plain browser (team leads, thin clients).
 * A browser keeps nothing that opens data: the refresh token lies in an HttpOnly cookie, the data key in memory; settings that are no
 * secret lie in localStorage.
 */
import { type Bridge, type Settings, type StationConfiguration, validSettings } from '#shared/bridge.ts';
import { healthSchema } from '#shared/server/api.ts';

declare global {
  interface Window {
    /** Set by electron/preload.ts. */
    huifang?: Bridge;
  }
}

export const bridge = (): Bridge => window.huifang ?? browserBridge;

const settingsKey = 'huifang.settings';

function readSettings(): Settings {
  try {
    return validSettings(JSON.parse(localStorage.getItem(settingsKey) ?? '{}'));
  } catch {
    return {}; // not ours: settings are no data, defaults do
  }
}

/** A launcher hands the one-time code over in the fragment, which never reaches a server's log; it is taken out of the address at once. */
function takeEnrolmentCode(): string | undefined {
  const code = new URLSearchParams(location.hash.slice(1)).get('enrol') ?? undefined;
  if (code !== undefined) history.replaceState(null, '', location.pathname);
  return code?.slice(0, 64);
}

/** A server that takes the question and says nothing must not leave an empty page: asked for so long (ms), and once more. */
const healthMs = 5_000;

async function askHealth(): Promise<unknown> {
  const answer = await fetch('/health', { cache: 'no-store', signal: AbortSignal.timeout(healthMs) });
  return answer.json();
}

async function readConfiguration(): Promise<StationConfiguration> {
  const enrolmentCode = takeEnrolmentCode();
  const health = await askHealth().catch(askHealth);
  return {
    serverOrigin: location.origin,
    practice: healthSchema.parse(health).demo,
    ...(enrolmentCode === undefined ? {} : { enrolmentCode }),
  };
}

const browserBridge = {
  host: 'browser',
  readConfiguration,
  vaultState: async () => 'none',
  readVault: async () => null,
  writeVault: async () => undefined,
  forgetVault: async () => undefined,
  readSettings: async () => readSettings(),
  writeSettings: async (settings) =>
    localStorage.setItem(settingsKey, JSON.stringify({ ...readSettings(), ...settings })),
  sayCloseRisk: async ({ inCall, unsent }) => {
    closeRisk = inCall || unsent > 0;
  },
  keepAwake: async (awake) => {
    wantsAwake = awake;
    await holdAwake();
  },
  saveFile: async (suggestedName, text) => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
    link.download = suggestedName;
    link.click();
    URL.revokeObjectURL(link.href);
    return true;
  },
  // A page alone has no file that outlives the browser's own storage.
  beginCopy: async () => undefined,
  appendCopy: async () => undefined,
  putCopyAside: async () => null,
  onPower: () => () => undefined,
  onLink: () => () => undefined,
} as const satisfies Bridge;

let wantsAwake = false;
let wakeLock: Promise<WakeLockSentinel | undefined> | undefined;

/** A browser lets go of its lock whenever the page is hidden: it is taken again when the page is seen. */
async function holdAwake(): Promise<void> {
  const held = await wakeLock;
  if (!wantsAwake) {
    wakeLock = undefined;
    await held?.release();
  } else if ((!held || held.released) && document.visibilityState === 'visible') {
    // Refused on a low battery, unknown to an older browser: then the screen may go dark, the call goes on.
    wakeLock = 'wakeLock' in navigator ? navigator.wakeLock.request('screen').catch(() => undefined) : undefined;
  }
}

let closeRisk = false;
if (typeof document !== 'undefined')
  document.addEventListener('visibilitychange', () => {
    if (wantsAwake) void holdAwake();
  });
if (typeof window !== 'undefined')
  window.addEventListener('beforeunload', (event) => {
    if (closeRisk && !window.huifang) event.preventDefault();
  });
