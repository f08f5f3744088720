import { describe, expect, it } from 'vitest';
import { checkIceServer } from '../../../renderer/phone/iceCheck.ts';

type Script = (connection: FakeGathering) => void;

class FakeGathering extends EventTarget {
  iceGatheringState = 'new';
  closed = false;
  constructor(
    readonly configuration: RTCConfiguration,
    private readonly script: Script,
  ) {
    super();
  }
  addTransceiver() {}
  async createOffer() {
    return {};
  }
  async setLocalDescription() {
    this.script(this);
  }
  candidate(type: string) {
    const candidate = { candidate: `candidate:1 1 udp 1 203.0.113.7 9 typ ${type}` };
    this.dispatchEvent(Object.assign(new Event('icecandidate'), { candidate }));
  }
  complain(errorCode: number) {
    this.dispatchEvent(Object.assign(new Event('icecandidateerror'), { errorCode }));
  }
  complete() {
    this.iceGatheringState = 'complete';
    this.dispatchEvent(new Event('icegatheringstatechange'));
  }
  close() {
    this.closed = true;
  }
}

const stun = { urls: 'stun:stun.bank.example' };
const turn = { urls: 'turn:turn.bank.example?transport=tcp', username: 'u', credential: 'c' };

async function asked(server: typeof stun | typeof turn, script: Script, limitMs = 60_000) {
  const made: FakeGathering[] = [];
  const finding = await checkIceServer(
    server,
    (configuration) => {
      const gathering = new FakeGathering(configuration, script);
      made.push(gathering);
      return gathering as unknown as RTCPeerConnection; // as: the members used are there
    },
    limitMs,
  );
  expect(made.map(({ closed }) => closed)).toEqual([true]);
  return { finding, configuration: made[0]?.configuration };
}

describe('STUN', () => {
  it('works when it told our address, or had nothing new to tell', async () => {
    expect(await asked(stun, (gathering) => gathering.candidate('srflx'))).toMatchObject({ finding: { works: true } });
    expect(await asked(stun, (gathering) => gathering.complete())).toMatchObject({ finding: { works: true } });
  });

  it('is silent when its complaint or nothing at all came', async () => {
    const unreachable = (gathering: FakeGathering) => {
      gathering.candidate('host');
      gathering.complain(701);
      gathering.complete();
    };
    expect((await asked(stun, unreachable)).finding).toEqual({ works: false, why: 'silent', code: 701 });
    expect((await asked(stun, () => undefined, 5)).finding).toEqual({ works: false, why: 'silent', code: 0 });
  });
});

describe('TURN', () => {
  it('works only with a relayed candidate, and is asked for nothing else', async () => {
    const { finding, configuration } = await asked(turn, (gathering) => gathering.candidate('relay'));
    expect(finding).toEqual({ works: true });
    expect(configuration).toMatchObject({ iceTransportPolicy: 'relay', iceServers: [turn] });
    expect((await asked(turn, (gathering) => gathering.complete())).finding).toMatchObject({ works: false });
  });

  it('a refusal of the server counts more than an interface without a way', async () => {
    const refused = (gathering: FakeGathering) => {
      gathering.complain(701);
      gathering.complain(401);
      gathering.complain(701);
      gathering.complete();
    };
    expect((await asked(turn, refused)).finding).toEqual({ works: false, why: 'credentials', code: 401 });
    const full = (gathering: FakeGathering) => {
      gathering.complain(508);
      gathering.complete();
    };
    expect((await asked(turn, full)).finding).toEqual({ works: false, why: 'refused', code: 508 });
  });
});

it('an address that is none is no crash', async () => {
  const throwing = () => {
    throw new SyntaxError('not a URL');
  };
  expect(await checkIceServer({ urls: 'nonsense' }, throwing, 5)).toMatchObject({ works: false, why: 'refused' });
});
