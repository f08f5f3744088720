/** `npm run e2e -- NAME …`: the end-to-end tests whose file name holds NAME (all without one); further options are Playwright's. */
import { run } from './run.ts';
import { needSystemParts } from './systemParts.ts';

await needSystemParts((line) => console.log(line));
const { code } = await run('e2e', 'playwright', ['test', ...process.argv.slice(2)], { show: true });
process.exitCode = code;
