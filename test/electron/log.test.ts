import { expect, it } from 'vitest';
import { masked } from '../../electron/log.ts';

it('no telephone, ID or account number gets into the log whole', () => {
  expect(masked('tel 13800138000, id 110101199003074518')).toBe('tel *********00, id ****************18');
  expect(masked('code 4711')).toBe('code 4711');
});
