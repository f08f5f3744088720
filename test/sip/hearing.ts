/**
 * Who hears whom, by both ends' own ears. Packets prove nothing: a silenced track sends fifty of them a second. Chromium's fake microphone beeps
 * twice a second.
 */
import { expect } from '@playwright/test';
import type { FarCall } from './farEnd.ts';
import type { StationCall } from './station.ts';

type Far = Pick<FarCall, 'media'>;

/** Beyond this it is a voice, 0..1. */
const voice = 0.01;
/** So much is nothing. */
const nothing = 0.001;

/** The customer hears us, from now on. */
export async function customerHears({ media }: Far): Promise<void> {
  const now = performance.now();
  await expect.poll(() => media.loudness(now), { timeout: 20_000 }).toBeGreaterThan(voice);
}

/** A whole second long the customer hears nothing of us. What was under way may still come. */
export async function customerHearsNothing({ media }: Far): Promise<void> {
  const now = performance.now();
  await expect
    .poll(() => performance.now() - now > 1_500 && media.loudness(), { timeout: 20_000 })
    .toBeLessThan(nothing);
}

export async function bothHear(call: StationCall, far: Far): Promise<void> {
  await expect.poll(async () => (await call.hears(300)).energy, { intervals: [0], timeout: 15_000 }).toBeGreaterThan(0);
  await customerHears(far);
}
