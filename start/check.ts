/** `npm run check`: types, lint, layers and unit tests, in under 60 s. What fails is printed whole. `--report FILE`: the unit tests' JSON. */
import { parseArgs } from 'node:util';
import { run } from './run.ts';

const projects = ['shared', 'electron', 'renderer', 'server', 'test'];
const { report } = parseArgs({ options: { report: { type: 'string' } } }).values;

const lint = run('lint', 'biome', ['check', '--error-on-warnings', '.']);
const types = (async () => {
  const outcomes = [];
  for (const project of projects) outcomes.push(await run(`types ${project}`, 'tsc', ['-p', project]));
  return outcomes;
})();
const units = run('unit tests and layers', 'vitest', [
  ...['run', '--project', 'unit'],
  ...(report === undefined ? [] : ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]),
]);

let failed = false;
for (const { name, code, output, seconds } of [await lint, ...(await types), await units]) {
  console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds.toFixed(1)} s)`);
  if (code !== 0) console.log(output);
  failed ||= code !== 0;
}
process.exitCode = failed ? 1 : 0;
