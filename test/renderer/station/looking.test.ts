import { describe, expect, it } from 'vitest';
import { createLooking, quietMs } from '../../../renderer/station/looking.ts';

function page() {
  let at = 0;
  let looks = 0;
  const frames: (() => void)[] = [];
  const timers: { run: () => void; at: number }[] = [];
  const looking = createLooking({
    look: () => {
      looks += 1;
    },
    now: () => at,
    nextFrame: (run) => frames.push(run),
    later: (run, ms) => timers.push({ run, at: at + ms }),
  });
  return {
    looking,
    looks: () => looks,
    frame: () => {
      for (const run of frames.splice(0)) run();
    },
    pass(ms: number) {
      at += ms;
      for (const timer of timers.splice(0)) timer.at <= at ? timer.run() : timers.push(timer);
    },
  };
}

describe('when the screen looks', () => {
  it('however much changes in a frame, it looks once', () => {
    const { looking, looks, frame } = page();
    for (let n = 0; n < 5; n += 1) looking.changed();
    expect(looks()).toBe(0);
    frame();
    expect(looks()).toBe(1);
    frame();
    expect(looks()).toBe(1);
  });

  it('a hidden window without frames is looked at all the same', () => {
    const { looking, looks, pass } = page();
    looking.changed();
    pass(99);
    expect(looks()).toBe(0);
    pass(1);
    expect(looks()).toBe(1);
  });

  it('after the dial key nothing is drawn before the INVITE had its time', () => {
    const { looking, looks, frame, pass } = page();
    looking.quiet(quietMs);
    looking.changed();
    frame();
    pass(quietMs - 1);
    expect(looks()).toBe(0);
    pass(1);
    expect(looks()).toBe(1);
  });

  it('a frame asked for before the dial key waits for the INVITE too', () => {
    const { looking, looks, frame, pass } = page();
    looking.changed();
    looking.quiet(quietMs);
    frame();
    expect(looks()).toBe(0);
    pass(quietMs);
    expect(looks()).toBe(1);
  });

  it('what became durable is shown at once, without waiting for a frame', async () => {
    const { looking, looks, frame, pass } = page();
    let durable = false;
    looking.quiet(quietMs, () => durable);
    looking.changed();
    frame();
    pass(10);
    expect(looks()).toBe(0);
    durable = true;
    looking.changed();
    await Promise.resolve();
    expect(looks()).toBe(1);
    pass(1_000);
    frame();
    expect(looks()).toBe(1);
  });

  it('a disk that takes its time is not waited for: after 60 ms the screen says that it is saving', () => {
    const { looking, looks, frame, pass } = page();
    looking.quiet(quietMs, () => false);
    looking.changed();
    frame();
    pass(quietMs);
    expect(looks()).toBe(1);
  });
});
