/**
 * Who answers which number of the network, and how. SIPp plays those a scenario file describes well; what a scenario cannot say
 * (two dialogs for one INVITE, answers that depend on what came) is told to the scripted far end, which has the numbers 30001 to 39999:
 *
 *   echo                      await call.answer(); call.media.say('echo')
 *   redirects                 call.respond({ status: 302, headers: ['Contact: <sip:other@bank.test>'] })
 *   asks for a password       call.respond({ status: 407, headers: ['Proxy-Authenticate: Digest realm="x", nonce="y"'] })
 *   forks                     call.early({ tag: 'one' }); call.early({ tag: 'two' }); await call.answer({ tag: 'two' })
 *   answers after the CANCEL  call.on('CANCEL', () => (void call.answer(), { status: 200 }))
 *   refuses hold, transfer    call.on('INVITE', () => ({ status: 488 })); call.on('REFER', () => ({ status: 603 }))
 *   asks at the same time     call.on('INVITE', () => ({ status: 491 }))
 *   holds, resumes            await call.reinvite('sendonly'); await call.reinvite('sendrecv')
 *   session timer             await call.request('UPDATE', { headers: ['Session-Expires: 90;refresher=uac'] })
 *   digits                    call.media.digits() (RFC 4733); call.until('INFO')
 *
 * SIPp's:
 *
 * | number | behaviour | what the caller sees |
 * | --- | --- | --- |
 * | 2001 | answers, talks (a tone of 440 Hz), agrees to hold | 180, 200 after 300 ms, 50 packets/s |
 * | 2002 | busy | 486 |
 * | 2003 | rings for ever | 180; CANCEL gives 487 |
 * | 2004 | unknown number | 404 |
 * | 2005 | temporarily unavailable | 480 |
 * | 2006 | declined | 603 |
 * | 2007 | announcement as early media for 3 s, then 404 | 183 with audio, then 404 |
 * | 2010 | answers and accepts a REFER | 202, NOTIFY 100, NOTIFY 200 |
 * | 9999 | not known to the proxy | 404 |
 */
export type SippCallee = { readonly number: string; readonly scenario: string };

export const sippCallees: readonly SippCallee[] = [
  { number: '2001', scenario: 'answer' },
  { number: '2002', scenario: '486' },
  { number: '2003', scenario: 'noanswer' },
  { number: '2004', scenario: '404' },
  { number: '2005', scenario: '480' },
  { number: '2006', scenario: '603' },
  { number: '2007', scenario: 'early404' },
  { number: '2010', scenario: 'refer' },
];
