// Trains a hundred steps of each recipe and compares the weights with those of fixtures/same-bits.json,
// bit for bit: a change of code that is not meant to change results must leave them. Takes minutes.
//
//   node scripts/run.mjs build && node scripts/same-bits.mjs [NAME…]   # all, or those that begin so
//   node scripts/same-bits.mjs --write                                 # after a change that is meant
//
// The bits are those of x64 with relaxed SIMD; other processors may round fused products differently.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const fixture = join(root, 'scripts', 'fixtures', 'same-bits.json');

const every = ['--log-every', '10', '--sample-every', '50', '--checkpoint-every', '50'];
const common = ['--threads', '1', '--seed', '3', ...every];
const pictures = [...common, '--steps', '100', '--batch', '16'];
const small = [...pictures, '--filters', '8', '--latent', '16'];
const study = [
  '--seeds',
  '1',
  '--jobs',
  '1',
  '--threads',
  '1',
  '--steps',
  '100',
  '--batch',
  '20',
  ...every,
];
// prettier-ignore
const patches = [
  ...common, '--dataset', 'emoji', '--batch', '4', '--blocks', '2', '--filters', '8', '--patch', '48',
  '--content-steps', '50', '--adversarial-steps', '50', '--discriminator-filters', '4',
];

/** What is trained, by name: an app and its flags. */
const runs = {};
for (const loss of ['non-saturating', 'wgan-gp', 'r3gan', 'hinge']) {
  runs[`dcgan-${loss}`] = { app: 'dcgan', flags: [...small, '--loss', loss] };
}
for (const conditioning of ['concatenation', 'projection', 'auxiliary-classifier']) {
  runs[`cgan-${conditioning}`] = { app: 'cgan', flags: [...small, '--conditioning', conditioning] };
}
runs['super-resolution'] = { app: 'super-resolution', flags: patches };
for (const variant of ['quiet-gan', 'softmax-gan', 'fisher-gan', 'bidirectional-gan']) {
  runs[`variants-${variant}`] = { app: 'variants', flags: [...pictures, '--variant', variant] };
}
const cures = [
  'minibatch-discrimination',
  'minibatch-stddev',
  'pacgan-2',
  'unrolled',
  'spectral-norm',
];
for (const method of ['gan', 'r3gan', ...cures]) {
  runs[`mode-coverage-ring-${method}`] = {
    app: 'mode-coverage',
    flags: [...study, '--target', 'ring', '--method', method],
  };
}

const hash = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** One hash of all tensors of a safetensors file, by name, wherever they stand in it. */
function hashOfTensors(file) {
  const bytes = readFileSync(file);
  const begin = 8 + Number(bytes.readBigUInt64LE(0));
  const { __metadata__: _, ...entries } = JSON.parse(bytes.subarray(8, begin).toString('utf8'));
  const lines = Object.entries(entries).map(
    ([
      name,
      {
        data_offsets: [from, to],
      },
    ]) => `${name} ${hash(bytes.subarray(begin + from, begin + to))}\n`,
  );
  return hash(lines.sort().join(''));
}

function hashesOf(run) {
  const newest = readdirSync(join(run, 'checkpoints')).sort().at(-1);
  return {
    checkpoint: hashOfTensors(join(run, 'checkpoints', newest, 'weights.safetensors')),
    generator: hash(readFileSync(join(run, 'generator', 'weights.bin'))),
  };
}

const writes = process.argv.includes('--write');
const wanted = process.argv.slice(2).filter((word) => word !== '--write');
const expected = JSON.parse(readFileSync(fixture, 'utf8'));
const found = writes ? { ...expected } : {};
const folder = mkdtempSync(join(tmpdir(), 'ganloom-same-bits-'));
let differences = 0;
try {
  for (const [name, { app, flags }] of Object.entries(runs)) {
    if (wanted.length > 0 && !wanted.some((word) => name.startsWith(word))) continue;
    const out = join(folder, name);
    const program = join(root, 'apps', app, 'dist', 'main.js');
    await promisify(execFile)(process.execPath, [program, 'train', '--out', out, ...flags]);
    const hashes = hashesOf(app === 'mode-coverage' ? join(out, 'seed-0') : out);
    found[name] = hashes;
    const same = JSON.stringify(hashes) === JSON.stringify(expected[name]);
    if (!same) differences++;
    console.log(`${same ? 'same   ' : 'DIFFERS'} ${name}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (writes) writeFileSync(fixture, `${JSON.stringify(found, null, 2)}\n`);
process.exitCode = differences > 0 && !writes ? 1 : 0;
