import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { peersFolder } from './files';
import { startSide } from './side';

const node = (script: string) => startSide('toy', process.execPath, ['-e', script]);

it('starts a process, gives it turns and ends it', async () => {
  const side = await node(`
    console.log('an import says hello');
    console.log(JSON.stringify({ ready: true, threads: 3, versions: { toy: '1' } }));
    require('node:readline').createInterface({ input: process.stdin }).on('line', (line) =>
      console.log(JSON.stringify({ ms: [Number(line.slice(4)), 1], idleMs: 1, idleCpuMs: 0, peakMB: 1 })));
  `);
  expect(side.about).toMatchObject({ threads: 3, versions: { toy: '1' } });
  expect((await side.run(4)).ms).toEqual([4, 1]);
  expect((await side.run(5)).ms).toEqual([5, 1]);
  await side.stop();
});

it('passes on why a process does not start', async () => {
  await expect(node(`console.error('no such kernel'); process.exit(3)`)).rejects.toThrow(
    'bench: toy ended (3): no such kernel',
  );
  await expect(startSide('toy', '/no/such/program', [])).rejects.toThrow('ENOENT');
});

it('passes on an error of the protocol', async () => {
  const side = await node(`
    console.log('{}');
    process.stdin.on('data', () => console.log('{"error": "not today"}'));
  `);
  await expect(side.run(1)).rejects.toThrow('bench: toy: not today');
  await side.stop();
});

const hasPython = spawnSync('python3', ['--version'], { stdio: 'ignore' }).status === 0;

it.skipIf(!hasPython)('speaks with peers/serve.py', async () => {
  const script = `
import sys
sys.path.insert(0, ${JSON.stringify(peersFolder)})
sys.dont_write_bytecode = True
from serve import serve
import time
serve(lambda: time.sleep(0.01), threads=1, versions={})
`;
  const side = await startSide('python', 'python3', ['-c', script]);
  const turn = await side.run(3);
  expect(turn.ms).toHaveLength(3);
  expect(Math.min(...turn.ms)).toBeGreaterThanOrEqual(9);
  expect(turn.peakMB).toBeGreaterThan(1);
  expect(turn.idleCpuMs).toBeLessThanOrEqual(turn.idleMs + 5);
  await side.stop();
});
