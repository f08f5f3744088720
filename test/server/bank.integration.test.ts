import { afterAll, beforeAll } from 'vitest';
import { movableClock, startBank, type TestBank } from '../support/bank.ts';
import { type Postgres, startPostgres } from '../support/postgres.ts';
import { accessSuite } from './suites/access.ts';
import { intakeSuite } from './suites/intake.ts';
import { leasesSuite } from './suites/leases.ts';

// The same promises as bank.test.ts, kept by a real PostgreSQL.
let postgres: Postgres;
let test: TestBank;
beforeAll(async () => {
  postgres = await startPostgres();
  test = await startBank({
    listen: false,
    clock: movableClock(),
    database: { type: 'postgresql', url: await postgres.createDatabase() },
  });
});
afterAll(async () => {
  await test?.stop();
  await postgres?.stop();
});

accessSuite(() => test);
intakeSuite(() => test);
leasesSuite(() => test);
