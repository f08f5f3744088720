import { afterAll, beforeAll, describe, vi } from 'vitest';
import { movableClock, practiceForTests, startBank, type TestBank } from '../support/bank.ts';
import { accessSuite } from './suites/access.ts';
import { boardSuite } from './suites/board.ts';
import { intakeSuite } from './suites/intake.ts';
import { leasesSuite } from './suites/leases.ts';
import { mainWaySuite } from './suites/mainWay.ts';
import { whoMaySuite } from './suites/whoMay.ts';

// One PGlite for all of it; bank.integration.test.ts runs the same on PostgreSQL.
vi.setConfig({ testTimeout: 30_000 }); // argon2 on a busy machine takes its time
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
