import type { Progress } from './worker';

const status = document.querySelector('#status')!;
const image = document.querySelector<HTMLImageElement>('#pictures')!;

const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
worker.onmessage = ({ data: { text, png } }: MessageEvent<Progress>) => {
  status.textContent = text;
  if (!png) return;
  URL.revokeObjectURL(image.src);
  image.src = URL.createObjectURL(new Blob([png], { type: 'image/png' }));
};
worker.onerror = ({ message }) => (status.textContent = message);
