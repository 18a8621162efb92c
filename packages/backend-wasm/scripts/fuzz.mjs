// Compares the backend with the stock cpu backend on random programs until time is up or one fails:
// fuzz --seconds 600 --seed 1 [--failures 1]
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createViteServer } from 'vitest/node';

const { values } = parseArgs({
  args: process.argv.slice(2).filter((argument) => argument !== '--'),
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    failures: { type: 'string', default: '1' },
  },
});
const [seconds, seed, most] = [values.seconds, values.seed, values.failures].map(Number);
const server = await createViteServer({
  root: dirname(dirname(fileURLToPath(import.meta.url))),
  configFile: false,
  logLevel: 'error',
  optimizeDeps: { noDiscovery: true },
  server: { middlewareMode: true, watch: null },
});
const { fuzz } = await server.ssrLoadModule('/test/fuzz/fuzz.ts');
const end = Date.now() + 1000 * seconds;
let shown = 0;
const goOn = (programs) => {
  if (programs - shown >= 500) console.log(`${(shown = programs)} programs`);
  return Date.now() < end;
};
const result = await fuzz({ seed, goOn, batch: 50, most });
console.log(
  `${result.programs} programs of ${result.operations} operations, ${result.gradients} with gradients, ` +
    `${result.failures.length} failed`,
);
for (const failure of result.failures) console.log(`\n${failure}`);
await server.close();
process.exitCode = result.failures.length > 0 ? 1 : 0;
