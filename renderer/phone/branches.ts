/** What tells the branches of a forked call apart, by their descriptions. */

const named = (sdp: string, name: string) => sdp.match(new RegExp(`^a=${name}:.*$`, 'gm'))?.join();

/**
 * Whether `sdp` names another far side than `heard` by its way (ICE), but not by its key (DTLS), as behind a media relay that has one key for all. A browser
 * that has begun with the first takes the second for the same one on another way, begins no encryption with it, says *connected*, and is deaf and dumb from
 * then on. With another key it begins anew by itself.
 */
export function sharesKeyOnly(heard: string, sdp: string): boolean {
  return (
    named(heard, 'fingerprint') === named(sdp, 'fingerprint') && named(heard, 'ice-ufrag') !== named(sdp, 'ice-ufrag')
  );
}
