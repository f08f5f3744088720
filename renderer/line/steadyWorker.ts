/** The worker of steadyClock.ts: counts down and says so. {id, milliseconds} begins, {id} ends early; answered by the id when it is time. */

const running = new Map<number, ReturnType<typeof setTimeout>>();

addEventListener('message', ({ data }: MessageEvent<{ id: number; milliseconds?: number }>) => {
  const { id, milliseconds } = data;
  clearTimeout(running.get(id));
  running.delete(id);
  if (milliseconds === undefined) return;
  running.set(
    id,
    setTimeout(() => {
      running.delete(id);
      postMessage(id);
    }, milliseconds),
  );
});

export {}; // a module: its names are its own
