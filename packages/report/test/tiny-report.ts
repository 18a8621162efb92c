import type { ReportData } from '../src/lib/report-data';

/** A report of 20 steps and three frames; names try to break out of their places. */
export function tinyReport(more: Partial<ReportData> = {}): ReportData {
  const rows = Array.from({ length: 20 }, (_, i) => ({
    step: i + 1,
    seconds: (i + 1) / 10,
    losses: { generator: 2 + i / 10, discriminator: 1 },
    statistics: { realLogit: 1, fakeLogit: -1 },
  }));
  return {
    config: {
      app: 'tiny',
      settings: { batch: 8, learningRate: 0.01, note: '</script><script>alert(1)</script>' },
      data: { name: '"><img src=x>', size: 1000, image: { height: 8, width: 8, channels: 1 } },
      backend: { name: 'cpu', device: 'one' },
      versions: { node: '20' },
    },
    state: 'running',
    step: 20,
    steps: 40,
    seconds: 2,
    rows,
    frames: [5, 10, 20].map((step) => ({ step, png: Uint8Array.of(step) })),
    verdicts: [],
    ...more,
  };
}
