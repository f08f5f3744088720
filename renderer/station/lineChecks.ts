/** The checks of what the profile names: the line, STUN and TURN. Only while somebody is signed in. */
import type { Text } from '#shared/text.ts';
import { checkIceServer, type IceFinding } from '../phone/iceCheck.ts';
import type { Check, CheckParts, Finding } from './selfCheck.ts';
import { lineState } from './shift.ts';

const ok: Finding = { state: 'ok' };
/** How long a line that is just registering is waited for, and one STUN or TURN server, ms. */
const lineMs = 10_000;
const iceMs = 4_000;

const noLine: Finding = {
  state: 'failed',
  sentence: {
    zh: '这台终端没有配置话机：请联系管理员。',
    en: 'This station has no line: ask your administrator.',
  },
};

async function line({ state, wait }: CheckParts): Promise<Finding> {
  const { shift } = state;
  if (!shift) return noLine;
  const now = () => lineState(shift.line.getSnapshot());
  const settled = new AbortController();
  const look = () => {
    if (now() !== 'CONNECTING') settled.abort();
  };
  const { unsubscribe } = shift.line.subscribe(look);
  look();
  await wait(lineMs, settled.signal);
  unsubscribe();
  if (now() === 'REGISTERED') return ok;
  if (now() === 'NOT_CONFIGURED') return noLine;
  return {
    state: 'failed',
    sentence: shift.line.getSnapshot().context.problem ?? {
      zh: '话机还没有登记上，正在自动重试；若一直如此，请检查网络或联系技术支持。',
      en: 'The line is not registered; we keep trying. If it lasts, check the network or call support.',
    },
  };
}

/** A server's address as a person may tell it to support; no user, no parameters. */
const nameOf = (urls: string) => urls.split('?')[0] ?? urls;

const iceTexts: Readonly<Record<Extract<IceFinding, { works: false }>['why'], Text>> = {
  silent: { zh: '没有回应（防火墙？）', en: 'does not answer (a firewall?)' },
  credentials: { zh: '不接受账号或密码', en: 'refuses the user or password' },
  refused: { zh: '拒绝了请求', en: 'refused the request' },
};

/** Nothing was checked, and that is said: within one network calls need no server, across networks they stay silent. */
const noServers: Finding = {
  state: 'ok',
  sentence: {
    zh: '没有配置 STUN/TURN 服务器，语音直接走本网络；若通话听不到声音，请联系管理员配置。',
    en: 'No STUN or TURN server is configured: voice goes straight through this network. If calls stay silent, ask your administrator for one.',
  },
};

async function ice({ state }: CheckParts): Promise<Finding> {
  const servers = state.shift?.profile.line?.iceServers ?? [];
  if (servers.length === 0) return noServers;
  const findings = await Promise.all(
    servers.map(async (server) => ({
      name: nameOf(server.urls),
      finding: await checkIceServer(server, (configuration) => new RTCPeerConnection(configuration), iceMs),
    })),
  );
  const bad = findings.flatMap(({ name, finding }) => (finding.works ? [] : [{ name, why: finding.why }]));
  if (bad.length === 0) return ok;
  const named = (language: 'zh' | 'en') => bad.map(({ name, why }) => `${name} ${iceTexts[why][language]}`);
  return {
    state: bad.length === servers.length ? 'failed' : 'warning',
    sentence: {
      zh: `${named('zh').join('；')}。通话可能听不到声音，请把这句话告诉技术支持。`,
      en: `${named('en').join('; ')}. Calls may stay silent: tell this sentence to support.`,
    },
  };
}

export const lineChecks: readonly Check[] = [
  { id: 'line', label: { zh: '话机', en: 'Line' }, run: line },
  { id: 'ice', label: { zh: '语音通路', en: 'Voice path' }, run: ice },
];
