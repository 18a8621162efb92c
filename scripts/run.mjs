// Runs the repository's commands with nothing but Node and npm: finds pnpm, installs what the
// lockfile says, then builds, tests or starts a program. The commands are at the end.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findChromium } from '../tools/config/src/chromium.js';
import { createVariant } from './create-variant.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const windows = process.platform === 'win32';

// turbo starts each package's scripts through pnpm, so the local one must be on the path.
process.env.PATH = join(root, 'node_modules', '.bin') + delimiter + process.env.PATH;
process.env.TURBO_TELEMETRY_DISABLED = '1';
process.env.TURBO_NO_UPDATE_NOTIFIER = '1';
// Part of turbo's cache key: results on one Node say nothing of another.
process.env.GANLOOM_NODE_VERSION = process.version;
// So are results without a browser.
process.env.CHROMIUM_PATH = findChromium() ?? '';

/**
 * Runs a program to its end and returns its exit code. Given a `notice`, the output is shown only
 * on failure, and the notice if it takes long; our standard output is then left to the program
 * that the user asked for.
 */
function start(command, args, { notice, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const stdio = notice ? ['ignore', 'pipe', 'pipe'] : 'inherit';
    const child = spawn(command, args, { cwd: root, stdio, ...options });
    const output = [];
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (d) => output.push(d));
    const slow = setTimeout(() => notice && console.error(notice), 1000);
    // A terminal sends ctrl-C to the child as well, which may want time to save its work.
    const wait = () => {};
    const pass = (signal) => child.kill(signal);
    process.on('SIGINT', wait).on('SIGTERM', pass);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(slow);
      process.off('SIGINT', wait).off('SIGTERM', pass);
      if (code !== 0) process.stderr.write(Buffer.concat(output));
      resolve(code ?? (signal === 'SIGINT' ? 130 : 1));
    });
  });
}

/** Ends this process if a step failed. */
async function must(step) {
  const code = await step;
  if (code !== 0) process.exit(code);
}

const tool = (name, args, options) =>
  start(windows ? `${name}.cmd` : name, args, { shell: windows, ...options });

const turbo = (tasks, { args = [], ...options } = {}) =>
  tool('turbo', ['run', ...tasks, `--concurrency=${availableParallelism()}`, ...args], options);

/** Installs what the lockfile says, unless that is what was installed last. */
async function install(options) {
  const lockfile = readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8');
  const stamp = join(root, 'node_modules', '.installed-lock.yaml');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lockfile) return;

  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const args = ['install', '--frozen-lockfile', '--prefer-offline'];
  const local = join(root, 'node_modules', 'pnpm', 'package.json');
  const wanted = packageManager.split('@')[1];
  if (existsSync(local) && JSON.parse(readFileSync(local, 'utf8')).version === wanted) {
    await must(tool('pnpm', args, options));
  } else {
    await must(tool('npx', ['--yes', packageManager, ...args], options));
  }
  writeFileSync(stamp, lockfile);
}

/** The folders of all workspace packages, relative to the root. */
function packageFolders() {
  const groups = ['packages', 'apps', 'tools'];
  const inGroups = groups.flatMap((group) =>
    readdirSync(join(root, group)).map((name) => join(group, name)),
  );
  return [...inGroups, 'bench'].filter((folder) => existsSync(join(root, folder, 'package.json')));
}

const reportOf = (folder) => join(root, folder, 'test-report.json');

/** Adds up vitest's reports, one line per package. A file that failed to load is one failure. */
function countTests() {
  const total = { passed: 0, failed: 0 };
  for (const folder of packageFolders().filter((name) => existsSync(reportOf(name)))) {
    const report = JSON.parse(readFileSync(reportOf(folder), 'utf8'));
    const brokenFiles = report.testResults.filter(
      (file) =>
        file.status === 'failed' &&
        !file.assertionResults.some(({ status }) => status === 'failed'),
    );
    const passed = report.numPassedTests;
    const failed = report.numFailedTests + brokenFiles.length;
    const skipped = report.numPendingTests + report.numTodoTests;
    total.passed += passed;
    total.failed += failed;
    console.log(
      `${folder}: ${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`,
    );
  }
  return total;
}

async function test(args) {
  for (const folder of packageFolders()) rmSync(reportOf(folder), { force: true });
  const failures = [];
  const check = async (name, step) => {
    if ((await step) !== 0) failures.push(name);
  };
  // A package that does not build hides no result of the others.
  const keepGoing = ['--continue=dependencies-successful', '--output-logs=new-only', ...args];
  await check('build or test', turbo(['build', 'test'], { args: keepGoing }));
  await check('typecheck', typecheck());
  await check('lint', lint());
  await check('format (pnpm format repairs it)', tool('oxfmt', ['--check']));

  console.log();
  const { passed, failed } = countTests();
  for (const name of failures) console.log(`failed step: ${name}`);
  if (passed + failed === 0) console.log('no test ran');
  console.log(`${passed} passed, ${failed} failed`);
  return failures.length > 0 || failed > 0 || passed === 0 ? 1 : 0;
}

/** All packages in one program: each alone would read the others' sources again. */
async function typecheck() {
  const code = await turbo(['compile'], { notice: 'Compiling …' });
  return code || tool('tsc', ['--project', '.']);
}

// Type-aware rules read the types that `compile` generates.
async function lint() {
  const code = await turbo(['compile'], { notice: 'Compiling …' });
  return code || tool('oxlint', ['--type-aware', '--deny-warnings']);
}

/** Builds a program if it changed, then runs it in the folder where the user typed the command. */
async function app(folder, args) {
  const { name } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
  const filter = [`--filter=${name}`, '--output-logs=errors-only'];
  await must(turbo(['build'], { args: filter, notice: `Building ${folder} …` }));
  const cwd = process.env.INIT_CWD ?? process.cwd();
  const main = join(root, folder, 'dist', 'main.js');
  return start(process.execPath, [main, ...args], { cwd });
}

async function quickstart(args) {
  const runs = join(root, 'runs');
  let out = join(runs, 'quickstart');
  for (let n = 2; existsSync(out); n++) out = join(runs, `quickstart-${n}`);
  // The first build takes a while, so let it be seen.
  await must(turbo(['build'], { args: ['--filter=./apps/dcgan', '--output-logs=hash-only'] }));
  const code = await app('apps/dcgan', ['train', '--out', out, ...args]);
  if (code !== 0) return code;
  const samples = join(out, 'samples');
  const frames = readdirSync(samples).filter((name) => name.endsWith('.png'));
  const last = frames.toSorted().at(-1);
  console.log(
    `\nThe pictures are in ${samples}\nThe newest one is   ${join(samples, last)}\nHow it went         ${join(out, 'report.html')}`,
  );
  return 0;
}

/**
 * What takes too long for `test`, before a release: packages as users get them, and gradients at the other
 * shapes in a browser. Ends with the same line of counts, of tests that `test` does not have.
 */
async function checkRelease() {
  for (const folder of packageFolders()) rmSync(reportOf(folder), { force: true });
  process.env.GANLOOM_TRIALS = 'others';
  await must(turbo(['compile'], { notice: 'Compiling …' }));
  const vitest = (folder, ...files) =>
    tool('npx', ['vitest', 'run', ...files], { cwd: join(root, 'tools', folder) });
  const packages = await vitest('release');
  // A dead link fails the build of the site.
  const pages = packages || (await site('site'));
  const code = pages || (await vitest('gradient-table', 'webgl.test', 'webgpu.test'));
  const { passed, failed } = countTests();
  console.log(`${passed} passed, ${failed} failed`);
  return code || failed > 0 || passed === 0 ? 1 : 0;
}

/** Measures the gradients of TensorFlow.js and ours, and writes docs/second-order-gradients.md. */
const gradients = () =>
  turbo(['gradients'], { args: ['--filter=@ganloom/gradient-table', '--output-logs=new-only'] });

/** The pages as a site in docs/.vitepress/dist, or shown while they are written. */
const site = async (script) => {
  await must(turbo(['compile'], { notice: 'Compiling …' }));
  return tool('pnpm', ['--filter=@ganloom/docs', 'run', script]);
};

/** Begins a variant in apps/variants, and says what comes next. */
function variant([name]) {
  try {
    for (const file of createVariant(name)) console.log(`apps/variants/${file}`);
  } catch (error) {
    console.error(`error: ${error.message}`);
    return 2;
  }
  console.log(`\n  cd apps/variants && npx vitest run ${name}      # its tests
  npx pnpm variants train --variant ${name} --out runs/${name}`);
  return 0;
}

/** Checks the backends of this machine, for people who have the hardware. */
async function testBackends(args) {
  await must(turbo(['compile'], { notice: 'Compiling …' }));
  const folder = join(root, 'tools', 'backend-check');
  await must(tool('npx', ['tsup'], { cwd: folder }));
  const main = join(folder, 'node_modules', '.cache', 'backend-check', 'main.js');
  return start(process.execPath, [main, ...args]);
}

const commands = {
  build: (args) => turbo(['build'], { args }),
  typecheck,
  lint,
  format: (args) => tool('oxfmt', args),
  test,
  gradients,
  'check:release': checkRelease,
  'create-variant': variant,
  site: () => site('site'),
  'site:dev': () => site('dev'),
  'test:backends': testBackends,
  app: ([folder, ...args]) => app(folder, args),
  quickstart,
};

const [name, ...args] = process.argv.slice(2);
if (!Object.hasOwn(commands, name)) {
  console.error(
    `scripts/run.mjs: no command ${name}; there are ${Object.keys(commands).join(', ')}`,
  );
  process.exit(2);
}
await install(name === 'app' ? { notice: 'Installing …' } : {});
process.exitCode = await commands[name](args);
