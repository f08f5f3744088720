import type { Bridge } from '#shared/bridge.ts';

/** Tells the machine to stay awake while a call is up; said once for each change. Refused, the call goes on all the same. */
export function createAwake(bridge: Pick<Bridge, 'keepAwake'>): (inCall: boolean) => void {
  let told = false;
  return (inCall) => {
    if (inCall === told) return;
    told = inCall;
    void bridge.keepAwake(inCall).catch(() => undefined);
  };
}
