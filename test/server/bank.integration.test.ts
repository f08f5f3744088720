import { afterAll, beforeAll, describe } from 'vitest';
import { movableClock, practiceForTests, startBank, type TestBank } from '../support/bank.ts';
import { type Postgres, startPostgres } from '../support/postgres.ts';
import { accessSuite } from './suites/access.ts';
import { boardSuite } from './suites/board.ts';
import { intakeSuite } from './suites/intake.ts';
import { leasesSuite } from './suites/leases.ts';
import { mainWaySuite } from './suites/mainWay.ts';
import { sameCallSuite } from './suites/sameCall.ts';
import { whoMaySuite } from './suites/whoMay.ts';

// The same promises as bankOnPglite.integration.test.ts, kept by a real PostgreSQL.
let postgres: Postgres;
let test: TestBank;
beforeAll(async () => {
  postgres = await startPostgres();
  test = await startBank({
    listen: false,
    clock: movableClock(),
    practice: practiceForTests,
    database: { type: 'postgresql', url: await postgres.createDatabase() },
  });
});
afterAll(async () => {
  await test?.stop();
  await postgres?.stop();
});

mainWaySuite(() => test);
accessSuite(() => test);
whoMaySuite(() => test);
describe('entries', () => intakeSuite(() => test));
leasesSuite(() => test);
boardSuite(() => test);
sameCallSuite(() => test);
