/**
 * `Phone` over SIP: puts the parts together. The only room that knows sip.js 0.21.2; what that leaves to us is in the files it names.
 *
 *   sipSocket   one WebSocket to one proxy; keeps a BYE that could not be said
 *   sipLine     connect, register, ping: driven by the line machine
 *   sipDial, sipIncoming, sipCall   calls
 *   reinvite, inDialog, givenUp   what sip.js leaves out within a dialog and before one
 *   farewells   what ends a call when its page cannot any more
 *   media, mediaAhead, gathering, mediaRecovery   a call's audio: ready before the dial, brought back when it is lost
 *   audio, localTones   microphone, loudspeaker
 *
 * Off for good: sip.js's reconnection (the line machine owns it), its logs (they print Authorization headers), its default STUN server
 * (a public one), its answer to REFER (it would dial).
 *
 *   const phone = createSipPhone(profile.line, browserParts(stationAudio));
 *   const line = createActor(lineMachine, { input: { driver: phone.line, proxies: profile.line.proxies, … } }).start();
 *   await phone.prepare();
 *   const call = phone.dial(permit, attempt);
 *   call.subscribe((event) => …);
 */
import { Core, type Session, UserAgent } from 'sip.js';
import type { Microphone, Speaker } from './audio.ts';
import { type KeptFarewells, noFarewells } from './farewells.ts';
import { unknownExtensions } from './farWords.ts';
import { createGivenUp } from './givenUp.ts';
import { answerOffers } from './inDialog.ts';
import { playTones, type TonePlayer } from './localTones.ts';
import type { CallMedia } from './media.ts';
import { createMediaAhead } from './mediaAhead.ts';
import {
  type Call,
  type LineAccount,
  type LineDriver,
  type Phone,
  testCallPrefix,
  type VoiceServers,
} from './phone.ts';
import type { SipCall } from './sipCall.ts';
import { dialSipCall } from './sipDial.ts';
import { receiveSipCall, refuseSipCall } from './sipIncoming.ts';
import { createSipLine } from './sipLine.ts';
import { createSipSocket, type OpenWire, openWebSocket, type SipSocket } from './sipSocket.ts';
import { hasVoice } from './voice.ts';

/** How long the proxy may take when a call has reason to doubt the network: four of its round trips, ms. */
const doubt = { least: 700, most: 3_000, roundTrips: 4 } as const;

/** What a station is made of; tests hand in a wire, a microphone and peer connections of their own. */
export type SipPhoneParts = {
  openWire: OpenWire;
  microphone: Microphone;
  speaker: Speaker;
  tones: TonePlayer;
  newPeerConnection: (configuration: RTCConfiguration) => RTCPeerConnection;
  farewells: KeptFarewells;
  /** Milliseconds of a clock that does not jump. */
  now: () => number;
};

export type SipPhone = Phone & { readonly line: LineDriver };

/** The real parts of a browser, around the station's sound. */
export function browserParts(
  sound: Pick<SipPhoneParts, 'microphone' | 'speaker' | 'tones'>,
  farewells = noFarewells,
): SipPhoneParts {
  return {
    openWire: openWebSocket,
    ...sound,
    farewells,
    newPeerConnection: (configuration) => new RTCPeerConnection(configuration),
    now: () => performance.now(),
  };
}

/** The phone of a configured line. `parts`: see `browserParts`. */
export function createSipPhone(account: LineAccount, parts: SipPhoneParts): SipPhone {
  const mediaOf = new WeakMap<Session, CallMedia>();
  const calls = new Set<SipCall>();
  const incomingListeners = new Set<(call: Call) => void>();
  let socket: SipSocket | undefined;
  let closed = false;

  const userAgent = new UserAgent({
    uri: new Core.URI('sip', account.user, account.domain),
    authorizationUsername: account.user,
    authorizationPassword: account.password,
    userAgentString: 'Huifang',
    logBuiltinEnabled: false,
    logConfiguration: false,
    logLevel: 'error',
    sendInitialProvisionalResponse: false,
    noAnswerTimeout: 120, // ours comes first (sipIncoming.ts)
    // as: sip.js asks for a constructor; one that returns an object is one
    transportConstructor: function transport(logger: Core.Logger) {
      socket = createSipSocket(logger, parts.now);
      return socket;
    } as unknown as new (
      logger: Core.Logger,
    ) => SipSocket,
    sessionDescriptionHandlerFactory: (session) => {
      const media = mediaOf.get(session);
      if (!media) throw new Error('a session without media');
      return media;
    },
    delegate: {
      onInvite(invitation) {
        const missing = unknownExtensions(invitation.request.getHeaders('require'));
        if (missing.length > 0) {
          const extraHeaders = [`Unsupported: ${missing.join(', ')}`];
          void invitation.reject({ statusCode: 420, extraHeaders }).catch(() => undefined);
          return;
        }
        // Without a description it is we who offer, in the 200.
        if (invitation.body && !hasVoice(invitation.body)) {
          void invitation.reject({ statusCode: 488 }).catch(() => undefined);
          return;
        }
        if (closed || incomingListeners.size === 0) {
          void invitation.reject({ statusCode: closed || calls.size === 0 ? 480 : 486 }).catch(() => undefined);
          return;
        }
        for (const own of [...calls]) if (own.id.startsWith(testCallPrefix)) own.hangUp();
        const call =
          calls.size > 0 ? refuseSipCall(callParts, invitation) : keep(receiveSipCall(callParts, invitation));
        for (const listener of [...incomingListeners]) listener(call);
      },
    },
  });
  if (!socket) throw new Error('the user agent made no transport');
  const wire = socket;
  const wills = new Map<object, string>();
  /** What is unsaid at the end is for the next phone, and nothing of this one may take its place. */
  let left = false;
  const keepFarewells = () => {
    if (!left) parts.farewells.write([...wire.farewells(), ...wills.values()]);
  };
  wire.onFarewells = keepFarewells;
  const will = (call: object, farewell: string | undefined) => {
    if (wills.get(call) === farewell) return;
    if (farewell === undefined) wills.delete(call);
    else wills.set(call, farewell);
    keepFarewells();
  };
  const givenUp = createGivenUp(userAgent, will);
  void parts.farewells.read().then((texts) => {
    for (const text of texts) void wire.send(text);
  });
  const driver = createSipLine({
    userAgent,
    socket: wire,
    domain: account.domain,
    user: account.user,
    open: parts.openWire,
    inCall: () => calls.size > 0,
  });

  const line: LineDriver = {
    ...driver,
    setVoiceServers(servers) {
      voice = voiceBy(servers);
      ahead.drop();
    },
    async register(seconds, limit) {
      const granted = await driver.register(seconds, limit);
      for (const call of [...calls]) call.lineRegained();
      return granted;
    },
  };

  let checking: Promise<void> | undefined;
  let patience: number = doubt.least;
  const askProxy = async () => {
    const asked = parts.now();
    try {
      await driver.ping(patience);
      patience = Math.min(doubt.most, Math.max(doubt.least, doubt.roundTrips * (parts.now() - asked)));
    } catch {
      if (!wire.isConnected()) return;
      // The socket is as dead as the call: its owner is told, and opens another.
      void wire.disconnect();
      wire.onLost?.();
    }
  };
  const checkLine = () => {
    checking ??= askProxy().finally(() => {
      checking = undefined;
    });
    return checking;
  };

  const voiceBy = ({ iceServers, relayOnly }: VoiceServers) =>
    ({
      configuration: {
        // as: the profile's servers have exactly the members of RTCIceServer; no server by default, never a public one
        iceServers: iceServers as RTCIceServer[],
        // Not max-bundle: Chromium then refuses the answer of a gateway that does not bundle, and with audio alone nothing is won by it.
        iceTransportPolicy: relayOnly ? 'relay' : 'all',
      },
      // A relay is two round trips away, a host candidate none.
      gathering: { settle: 10, most: 50, limit: relayOnly ? 5_000 : 1_000, relayOnly: relayOnly === true },
    }) as const;
  // Read at the moment a connection is made: each keeps what it began with.
  let voice = voiceBy(account);
  const mediaOptions = {
    get configuration() {
      return voice.configuration;
    },
    get gathering() {
      return voice.gathering;
    },
    newPeerConnection: parts.newPeerConnection,
  };
  const networkChanged = () => {
    for (const call of [...calls]) call.networkChanged();
  };
  const ahead = createMediaAhead({
    get configuration() {
      return voice.configuration;
    },
    get gathering() {
      return voice.gathering;
    },
    newPeerConnection: parts.newPeerConnection,
    onNewInterface: networkChanged,
    now: parts.now,
  });

  const callParts = {
    socket: wire,
    userAgent,
    microphone: parts.microphone,
    speaker: parts.speaker,
    domain: account.domain,
    mediaOf,
    sessionOf: (call: Call) => [...calls].find((own) => own === call)?.session(),
    now: parts.now,
    mediaOptions,
    ahead,
    checkLine,
    givenUp,
    viaHost: userAgent.userAgentCore.configuration.viaHost,
    will,
  } satisfies Parameters<typeof dialSipCall>[0];

  const keep = (call: SipCall): SipCall => {
    calls.add(call);
    playTones(call, parts.tones);
    call.subscribe((event) => {
      if (event.type === 'call.ended') calls.delete(call);
    });
    return call;
  };

  // Another headset in mid-call: the calls get a track of it, and nobody is told (no re-INVITE).
  const stopReplacing = parts.microphone.onReplaced(() => {
    for (const call of [...calls]) void parts.microphone.track().then(call.replaceTrack, () => undefined); // none there: said by the microphone's owner
  });

  wire.stateChange.addListener(() => {
    // A new socket is often all that tells of another network: after a cable that went while another way is up no event comes.
    if (wire.isConnected()) return ahead.drop();
    for (const call of [...calls]) call.lineLost();
    givenUp.lineLost();
  });
  answerOffers(userAgent, (callId) => [...calls].find((call) => call.session()?.dialog?.callId === callId));

  return {
    line,
    async prepare() {
      await parts.microphone.open();
      ahead.keep(); // with the microphone: without its permission Chromium shows no real addresses
    },
    networkChanged() {
      ahead.drop();
      networkChanged();
    },
    dial: (permit, attempt, extraHeaders = {}, durable) =>
      keep(dialSipCall(callParts, permit, attempt, extraHeaders, durable)),
    consult: (permit, attempt) =>
      keep(dialSipCall(callParts, { number: permit.number }, attempt, { 'X-Call-Leg': 'consult' }, undefined)),
    onIncoming(listener) {
      incomingListeners.add(listener);
      return () => incomingListeners.delete(listener);
    },
    microphoneLevel: () => parts.microphone.level(),
    leave() {
      for (const farewell of wills.values()) void wire.send(farewell);
    },
    async close() {
      closed = true;
      for (const call of [...calls]) call.hangUp();
      await line.unregister();
      left = true;
      await wire.dispose();
      await parts.farewells.close();
      stopReplacing();
      ahead.close();
      parts.tones.close();
      parts.microphone.release();
    },
  };
}
