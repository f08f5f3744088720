import { type SipNetwork, type SipNetworkOptions, startSipNetwork } from '../sip/network.ts';
import { practiceAccounts } from './services.ts';

export const demoDomain = 'practice.huifang';

/**
 * A real network in the place of the practice PBX: same domain, same accounts. The demo's station gets its line from the bank as ever; only what
 * stands behind the address is Kamailio.
 */
export async function startDemoOnKamailio(callees: SipNetworkOptions['callees']): Promise<SipNetwork> {
  const network = await startSipNetwork({ domain: demoDomain, ...(callees && { callees }) });
  for (const [user, password] of Object.entries(practiceAccounts)) await network.setPassword(user, password);
  return network;
}
