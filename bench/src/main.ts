import { exitCodeOf } from '@ganloom/cli';
import { integer, number, readSetting, type Setting } from '@ganloom/recipes';
import { Command } from 'commander';
import { kernels, type KernelsOptions } from './kernels';
import { type BenchmarkOptions, runBenchmarks } from './run-benchmarks';
import { kill, type KillOptions } from './kill';
import { minibatch, type MinibatchOptions } from './minibatch';
import { overhead, type OverheadOptions } from './overhead';
import { quality, type QualityOptions } from './quality';
import { worker, type WorkerOptions } from './worker';

const read = (setting: Setting, flag: string) => (text: string) =>
  readSetting(setting, text, flag) as number;
const positive = (flag: string) => read(integer(undefined, ''), flag);
const threadList = (text: string) => text.split(',').map(positive('--threads'));

const program = new Command('bench')
  .description('Times workloads here and in PyTorch, in turns, in one run')
  .exitOverride()
  .enablePositionalOptions()
  .option('--only <name>', 'one workload, or one group of them')
  .option('--json <file>', 'write the results to this file, too')
  .option('--rounds <n>', 'turns of each side that count', positive('--rounds'), 8)
  .option('--threads <list>', 'numbers of threads to try', threadList, [1, 2])
  .option('--backend <name>', 'our backend', 'wasm')
  .option('--python <path>', 'a Python with torch and numpy')
  .option('--alone', 'leave PyTorch out')
  .option('--tfjs', 'one step on the stock cpu backend of TensorFlow.js, too, which takes minutes')
  .action((options: BenchmarkOptions) => runBenchmarks(options));

program
  .command('quality')
  .description('Fréchet distances on the features of an MNIST classifier')
  .argument('[files...]', '.npy files of uint8 [N, 28, 28, 1]; without: train here and in PyTorch')
  .option('--steps <n>', 'training steps of each run', positive('--steps'), 600)
  .option('--seeds <n>', 'runs of each side, with seeds 1, 2, …', positive('--seeds'), 3)
  .option('--filters <n>', 'filters of the networks', positive('--filters'), 32)
  .option('--batch <n>', 'batch size', positive('--batch'), 64)
  .option('--count <n>', 'samples of each run', positive('--count'), 10_000)
  .option(
    '--ema <decay>',
    'sample the generator’s average',
    read(number(undefined, '', { min: 0, below: 1 }), '--ema'),
    0,
  )
  .option('--threads <n>', 'threads of each side', positive('--threads'), 2)
  .option('--backend <name>', 'our backend', 'wasm')
  .option('--python <path>', 'a Python with torch and numpy')
  .option('--out <folder>', 'keep the samples here')
  .option('--json <file>', 'write the distances to this file, too')
  .action((files: string[], options: QualityOptions) => quality(files, options));

program
  .command('overhead')
  .description('What a whole training of apps/dcgan costs beside its steps')
  .option('--steps <n>', 'training steps', positive('--steps'), 1000)
  .option('--threads <n>', 'threads', positive('--threads'), 2)
  .option('--out <folder>', 'keep the run here')
  .option('--memory', 'its resident memory instead, without the profiler')
  .action((options: OverheadOptions) => overhead(options));

program
  .command('kernels')
  .description('Where the time of each workload goes on the WebAssembly backend')
  .option('--only <name>', 'one workload, or one group of them', 'steps')
  .option('--steps <n>', 'steps of each workload', positive('--steps'), 3)
  .option('--threads <n>', 'threads', positive('--threads'), 1)
  .option('--most <n>', 'kernels to show of each', positive('--most'), 12)
  .action((options: KernelsOptions) => kernels(options));

program
  .command('minibatch')
  .description('Minibatch discrimination beside its naive form: time and memory of the gradients')
  .option('--batch <n>', 'examples of a batch', positive('--batch'), 64)
  .option('--features <n>', 'features of an example', positive('--features'), 128)
  .option('--kernels <n>', 'kernels', positive('--kernels'), 50)
  .option('--dimensions <n>', 'dimensions of each kernel', positive('--dimensions'), 5)
  .option('--rounds <n>', 'turns of each form that count', positive('--rounds'), 10)
  .option('--threads <n>', 'threads', positive('--threads'), 1)
  .action((options: MinibatchOptions) => minibatch(options));

program
  .command('kill')
  .description(
    'Kills a training of apps/dcgan again and again; resumed, it must end with the same bits',
  )
  .option('--times <n>', 'kills', positive('--times'), 50)
  .option('--steps <n>', 'training steps', positive('--steps'), 200)
  .option('--filters <n>', 'filters of the networks', positive('--filters'), 4)
  .option('--checkpoint-every <n>', 'steps between checkpoints', positive('--checkpoint-every'), 10)
  .option('--dataset <name>', 'as apps/dcgan names it', 'mnist')
  .option('--seed <n>', 'of the moments', read(integer(undefined, '', { min: 0 }), '--seed'), 0)
  .action((options: KillOptions) => kill(options));

program
  .command('worker', { hidden: true })
  .argument('<workload>')
  .option('--threads <n>', '', positive('--threads'), 1)
  .option('--backend <name>', '', 'wasm')
  .action((workload: string, options: Omit<WorkerOptions, 'workload'>) =>
    worker({ ...options, workload }),
  );

process.exitCode = await exitCodeOf(async () => {
  await program.parseAsync();
  return 0;
});
