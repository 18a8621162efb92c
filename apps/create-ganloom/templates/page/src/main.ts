import type { Progress, Task } from './worker';

const status = document.querySelector('#status')!;
const image = document.querySelector<HTMLImageElement>('#pictures')!;
const onClick = (id: string, act: () => void) =>
  document.querySelector(id)!.addEventListener('click', act);

const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
worker.onmessage = ({ data: { text, png } }: MessageEvent<Progress>) => {
  status.textContent = text;
  if (!png) return;
  URL.revokeObjectURL(image.src);
  image.src = URL.createObjectURL(new Blob([png], { type: 'image/png' }));
};
worker.onerror = ({ message }) => (status.textContent = message);

function ask(task: Task): void {
  status.textContent = 'Loading …';
  worker.postMessage(task);
}

let seed = 0;
onClick('#train', () => ask({ kind: 'train', steps: 1000 }));
// The folder public/generator, which may hold one that was trained before.
onClick('#draw', () =>
  ask({ kind: 'draw', generator: new URL('generator', document.baseURI).href, seed: ++seed }),
);
