// Checks backends on this machine: `pnpm test:backends --backend webgpu`.
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { backendNames, describeBackends, type NamedDescription } from '@ganloom/backends';
import { findChromium } from '@ganloom/config/chromium';
import { expectedOf, type Measured, reportOf } from './measured';
import { summarize } from './report';
import { describeInChromium, runInChromium } from './run-in-chromium';
import { runHere } from './run-here';
import { runInNode } from './run-in-node';

const USAGE = `Checks the kernels, gradients and tiny trainings of backends on this machine.

  pnpm test:backends [--backend NAME] …

NAME is one of ${backendNames.join(', ')}; default: all. The exit code is 0 if all that ran passed, 1 if
something failed, 2 if a backend that was asked for is not here, or the arguments are wrong.`;

const program = fileURLToPath(import.meta.url);
// The program lies in node_modules/.cache/backend-check.
const page = fileURLToPath(new URL('../../../src/page.ts', import.meta.url));

/** A backend in one of the places where it can run. */
interface Target {
  readonly name: string;
  readonly description: NamedDescription;
  run(): Promise<Measured | { readonly message: string }>;
}

async function targetsOf(names: readonly string[]): Promise<Target[]> {
  const targets: Target[] = [];
  const executablePath = findChromium();
  for (const description of await describeBackends()) {
    const { name } = description;
    if (!names.includes(name)) continue;
    if (name !== 'webgl') {
      const run = () => runInNode(program, name);
      targets.push({ name: `${name} in Node`, description, run });
    }
    if (name !== 'webgl' && name !== 'webgpu') continue;
    const inChromium = `${name} in Chromium`;
    if (executablePath === undefined) {
      const missing = 'no Chromium found';
      const remedy = 'install one, or set CHROMIUM_PATH';
      const none = { name, isAvailable: false, missing, remedy, trains: false };
      targets.push({ name: inChromium, description: none, run: () => Promise.reject(none) });
      continue;
    }
    const found = await describeInChromium(executablePath, page, name);
    const run = () => runInChromium(executablePath, page, name, found.flags);
    targets.push({ name: inChromium, description: found.description, run });
  }
  return targets;
}

/** The command for this repository, whose packages pnpm installs. */
const remedyHere = (remedy: string): string =>
  remedy
    .replace(
      /^npm install ((@tensorflow\/tfjs-node\S*)@\S+)/,
      'npx pnpm add -wD --allow-build=$2 $1',
    )
    .replace(/^npm install/, 'npx pnpm add -wD')
    .replace(/^npm rebuild/, 'npx pnpm rebuild');

async function check(names: readonly string[], areAskedFor: boolean): Promise<number> {
  const targets = await targetsOf(names);
  const there = targets.filter(({ description }) => description.isAvailable);
  const reference = await runInNode(program, 'wasm', true);
  if ('message' in reference) throw new Error(`wasm does not train: ${reference.message}`);
  const expected = expectedOf(reference);
  let failed = 0;
  for (const { name, description, run } of there) {
    const { device, note } = description;
    console.log(`\n${name}: ${device}${note === undefined ? '' : ` (${note})`}`);
    const measured = await run().catch(({ message }: Error) => ({ message }));
    const { lines, failed: faults } =
      'message' in measured
        ? { lines: [`failed: ${measured.message}`], failed: 1 }
        : summarize(description.name, reportOf(measured, expected));
    for (const line of lines) console.log(`  ${line}`);
    failed += faults;
  }
  const missing = targets.filter(({ description }) => !description.isAvailable);
  if (missing.length > 0) console.log('\nnot here:');
  for (const { name, description } of missing) {
    console.log(`  ${name}: ${description.missing}\n    → ${remedyHere(description.remedy!)}`);
  }
  const started = new Set(there.map(({ description }) => description.name));
  const isOneMissing = names.some((name) => !started.has(name as NamedDescription['name']));
  console.log(`\n${there.length} checked, ${failed} failures, ${missing.length} not here`);
  if (failed > 0) return 1;
  return there.length === 0 || (areAskedFor && isOneMissing) ? 2 : 0;
}

async function main(): Promise<number> {
  const options = {
    backend: { type: 'string', multiple: true },
    help: { type: 'boolean' },
    run: { type: 'string' },
    'only-train': { type: 'boolean' },
  } as const;
  let values;
  try {
    ({ values } = parseArgs({ options }));
  } catch (error) {
    console.error(`test:backends: ${(error as Error).message}\n\n${USAGE}`);
    return 2;
  }
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  if (values.run !== undefined) {
    const measured = await runHere(values.run, values['only-train'] ?? false).catch(
      ({ message }: Error) => ({ message }),
    );
    await new Promise((sent) => process.send!(measured, sent));
    // Threads and devices would keep the process.
    process.exit(0);
  }
  const names = values.backend ?? backendNames;
  const unknown = names.find((name) => !(backendNames as readonly string[]).includes(name));
  if (unknown !== undefined) {
    console.error(
      `test:backends: --backend must be one of ${backendNames.join(', ')}, got "${unknown}"`,
    );
    return 2;
  }
  return check(names, values.backend !== undefined);
}

process.exitCode = await main();
