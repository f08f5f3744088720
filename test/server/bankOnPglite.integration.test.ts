import { afterAll, beforeAll, describe } from 'vitest';
import { movableClock, practiceForTests, startBank, type TestBank } from '../support/bank.ts';
import { accessSuite } from './suites/access.ts';
import { boardSuite } from './suites/board.ts';
import { intakeSuite } from './suites/intake.ts';
import { leasesSuite } from './suites/leases.ts';
import { mainWaySuite } from './suites/mainWay.ts';
import { sameCallSuite } from './suites/sameCall.ts';
import { whoMaySuite } from './suites/whoMay.ts';

// One PGlite for all of it; bank.integration.test.ts runs the same on PostgreSQL. Here and not among the unit tests: it takes a third of their time.
let test: TestBank;
beforeAll(async () => {
  test = await startBank({ listen: false, clock: movableClock(), practice: practiceForTests });
}, 120_000);
afterAll(() => test?.stop());

mainWaySuite(() => test);
accessSuite(() => test);
whoMaySuite(() => test);
describe('entries', () => intakeSuite(() => test));
leasesSuite(() => test);
boardSuite(() => test);
sameCallSuite(() => test);
