import { encodePng, type Picture, samplePng, scatterPlot } from '@ganloom/images';
import type { Samples } from '@ganloom/training';

/** The picture that people look at, and the same as the bytes of a PNG. */
export interface SampleFrame {
  readonly grid: Picture;
  readonly png: Uint8Array;
}

const made = new WeakMap<Samples, SampleFrame>();

/** What is shown of samples as one picture; made once, however many sinks want it. */
export function sampleFrame(samples: Samples): SampleFrame {
  let frame = made.get(samples);
  if (!frame) made.set(samples, (frame = make(samples)));
  return frame;
}

function make(samples: Samples): SampleFrame {
  if (samples.kind === 'pictures') return samplePng(samples);
  const grid = scatterPlot(samples.data, {}, samples.shape[1]);
  return { grid, png: encodePng(grid) };
}
