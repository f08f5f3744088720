import { afterAll, beforeAll } from 'vitest';
import { movableClock, startBank, type TestBank } from '../support/bank.ts';
import { accessSuite } from './suites/access.ts';
import { intakeSuite } from './suites/intake.ts';
import { leasesSuite } from './suites/leases.ts';

// One PGlite for all of it; bank.integration.test.ts runs the same on PostgreSQL.
let test: TestBank;
beforeAll(async () => {
  test = await startBank({ listen: false, clock: movableClock() });
}, 120_000);
afterAll(() => test?.stop());

accessSuite(() => test);
intakeSuite(() => test);
leasesSuite(() => test);
