import { expect, it } from 'vitest';
import { demoAccounts as made } from '../../server/demo/accounts.ts';
import { demoAccounts as printed } from '../../start/demo.ts';

it('the accounts npm start prints are those the demo makes', () => {
  expect(printed).toEqual(made.map(({ account, password, role }) => ({ account, password, role })));
});
