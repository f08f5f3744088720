import { expect, it } from 'vitest';
import { createAwake } from '../../electron/awake.ts';

it('keeps the machine awake once, however often it is asked, and lets it sleep again', () => {
  const said: string[] = [];
  let next = 0;
  const awake = createAwake({
    start(type) {
      said.push(type);
      return next++;
    },
    stop(id) {
      said.push(`stop ${id}`);
      return true;
    },
  });
  awake.keep(false);
  awake.keep(true);
  awake.keep(true);
  awake.keep(false);
  awake.keep(false);
  awake.keep(true);
  expect(said).toEqual(['prevent-display-sleep', 'stop 0', 'prevent-display-sleep']);
});
