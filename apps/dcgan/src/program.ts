import { backendNames } from '@ganloom/backends';
import { exitCodeOf, integerOption, numberOption, type NumberRange } from '@ganloom/training/node';
import { Command, Option } from 'commander';
import { version } from '../package.json';
import { parseDataset } from './dataset';
import { generateRun, type GenerateSettings } from './generate';
import { losses } from './losses';
import { trainRun, type TrainSettings } from './train';

/** Runs the program and returns its exit code: 0 done, 1 failed, 2 wrong usage, 130 interrupted. */
export function main(argv: readonly string[]): Promise<number> {
  return exitCodeOf(async () => {
    let code = 0;
    const program = new Command('dcgan')
      .description('Trains a DCGAN and draws from it.')
      .version(version)
      .exitOverride()
      .showHelpAfterError('(--help shows what there is)');

    const train = program
      .command('train')
      .description('train on a data set and write a run folder')
      .requiredOption('--out <folder>', 'run folder to make')
      .addOption(
        new Option('--dataset <name>', 'mnist, fashion-mnist[:FOLDER] or idx:FOLDER')
          .argParser(parseDataset)
          .default(parseDataset('mnist'), 'mnist'),
      )
      .addOption(choice('--loss <name>', 'adversarial loss', Object.keys(losses), 'non-saturating'))
      .action(async (settings: TrainSettings) => {
        code = await trainRun(settings);
      });
    for (const option of [
      integer('--steps <n>', 'generator updates', 2000),
      // As in most DCGAN work since the paper, which takes 128.
      integer('--batch <n>', 'pictures per step', 64),
      integer('--seed <n>', 'makes the run repeatable', 0, { min: 0 }),
      // The paper's 100 is for photographs.
      integer('--latent <n>', 'size of the latent vector', 64),
      integer('--filters <n>', 'width of the networks', 32),
      // Both from the paper's section 4: Radford et al. 2015, arXiv 1511.06434.
      number('--learning-rate <x>', "Adam's learning rate", 2e-4, { above: 0 }),
      number('--beta1 <x>', "Adam's beta 1", 0.5, { min: 0, below: 1 }),
      // Averages the last few hundred steps of a run of a few thousand.
      number('--ema <decay>', 'average of the generator, 0 for none', 0.995, { min: 0, below: 1 }),
      integer('--sample-every <n>', 'steps between sample grids', 200),
      integer('--log-every <n>', 'steps between lines of metrics.jsonl', 10),
      ...backendOptions(),
    ]) {
      train.addOption(option);
    }

    const generate = program
      .command('generate')
      .description('draw pictures with the generator of a run')
      .requiredOption('--run <folder>', 'run folder made by train')
      .requiredOption('--out <path>', 'FILE.npy (uint8 [N,H,W,C]), FILE.png (a grid) or a folder')
      .option('--force', 'replace what --out names', false)
      .action(async (settings: GenerateSettings) => {
        code = await generateRun(settings);
      });
    for (const option of [
      integer('--count <n>', 'number of pictures', 100),
      integer('--seed <n>', 'other pictures for another seed', 0, { min: 0 }),
      integer('--batch <n>', 'pictures at a time', 100),
      ...backendOptions(),
    ]) {
      generate.addOption(option);
    }

    await program.parseAsync(argv, { from: 'user' });
    return code;
  });
}

const flagOf = (flags: string) => flags.split(' ')[0]!;

function integer(flags: string, text: string, value: number, range: NumberRange = { min: 1 }) {
  return new Option(flags, text).argParser(integerOption(flagOf(flags), range)).default(value);
}

function number(flags: string, text: string, value: number, range: NumberRange) {
  return new Option(flags, text).argParser(numberOption(flagOf(flags), range)).default(value);
}

function choice(flags: string, text: string, choices: readonly string[], value: string) {
  return new Option(flags, text).choices(choices).default(value);
}

function backendOptions() {
  const threads = new Option('--threads <n>', 'threads of the wasm backend (default: all cores)');
  return [
    choice('--backend <name>', 'what computes', backendNames, 'wasm'),
    threads.argParser(integerOption('--threads', { min: 1 })),
  ];
}
