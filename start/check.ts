/** `npm run check`: types, lint, layers and unit tests, in under 60 s. What fails is printed whole. */
import { run } from './run.ts';

const projects = ['shared', 'electron', 'renderer', 'server', 'test'];

const lint = run('lint', 'biome', ['check', '--error-on-warnings', '.']);
const types = (async () => {
  const outcomes = [];
  for (const project of projects) outcomes.push(await run(`types ${project}`, 'tsc', ['-p', project]));
  return outcomes;
})();
const units = run('unit tests and layers', 'vitest', ['run', '--project', 'unit']);

let failed = false;
for (const { name, code, output, seconds } of [await lint, ...(await types), await units]) {
  console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds.toFixed(1)} s)`);
  if (code !== 0) console.log(output);
  failed ||= code !== 0;
}
process.exitCode = failed ? 1 : 0;
