import { samplePng } from '@ganloom/images';
import { gan, loadGenerator, urlStore } from 'ganloom';
import { disks } from './disks';

/** What the page asks for. */
export type Task =
  | { readonly kind: 'train'; readonly steps: number }
  /** With the generator at an address, which a worker cannot know by itself. */
  | { readonly kind: 'draw'; readonly generator: string; readonly seed: number };

/** What the page is told. */
export interface Progress {
  readonly text: string;
  readonly png?: Uint8Array<ArrayBuffer>;
}

const say = (progress: Progress) => postMessage(progress);

async function train(steps: number): Promise<void> {
  const mine = await gan({ data: disks });
  for (let step = 20; step <= steps; step += 20) {
    await mine.train({ steps: 20 });
    const { pictures } = await mine.generate({ count: 36, seed: 1 });
    say({ text: `${step} of ${steps} steps`, png: samplePng(pictures).png });
  }
  mine.dispose();
}

async function draw(address: string, seed: number): Promise<void> {
  const generator = await loadGenerator(urlStore(address));
  const { pictures } = await generator.generate({ count: 36, seed });
  say({ text: `Drawn by the seed ${seed}`, png: samplePng(pictures).png });
  generator.dispose();
}

onmessage = async ({ data: task }: MessageEvent<Task>) => {
  try {
    if (task.kind === 'train') await train(task.steps);
    else await draw(task.generator, task.seed);
  } catch (error) {
    say({ text: String(error) });
  }
};
