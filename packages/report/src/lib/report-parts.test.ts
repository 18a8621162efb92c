import type { MetricsRow } from '@ganloom/runs';
import { memoryStore, putText } from '@ganloom/storage';
import { describe, expect, it } from 'vitest';
import { chartsOf } from './charts';
import { countFrames, readFrames } from './frames';
import { lineChart } from './line-chart';
import { embeddedJson, markup, raw } from './markup';
import { linearScale, logarithmicScale, rangeOf } from './scale';
import { drawnSeries } from './series';
import { spreadOut } from './spread-out';

it('markup escapes text, and leaves markup alone', () => {
  const name = `<b title="x">'&`;
  expect(
    markup`<p>${name}${markup`<i>${3}</i>`}${[raw('<br>'), 'a<']}${undefined}${false}</p>`.html,
  ).toBe('<p>&lt;b title=&quot;x&quot;&gt;&#39;&amp;<i>3</i><br>a&lt;</p>');
  expect(embeddedJson('</script>').html).toBe('"\\u003c/script>"');
});

it('spreadOut keeps the first and the last, and even distances', () => {
  const values = Array.from({ length: 101 }, (_, i) => i);
  expect(spreadOut(values, 5)).toEqual([0, 25, 50, 75, 100]);
  expect(spreadOut([1, 2], 5)).toEqual([1, 2]);
  expect(spreadOut(values, 1)).toEqual([100]);
  expect(spreadOut(values, 0)).toEqual([]);
});

describe('scales', () => {
  it('have round ticks inside', () => {
    const { place, ticks } = linearScale(-0.13, 0.47, 4);
    expect(ticks).toEqual([0, 0.2, 0.4]);
    expect(place(-0.13)).toBe(0);
    expect(place(0.17)).toBeCloseTo(0.5, 12);
    expect(linearScale(1, 300, 4).ticks).toEqual([100, 200, 300]);
    expect(logarithmicScale(0.02, 3000, 4).ticks).toEqual([1, 100]);
    expect(logarithmicScale(3, 60, 4).ticks).toEqual([5, 10, 20, 50]);
    expect(logarithmicScale(1, 100, 4).place(10)).toBeCloseTo(0.5, 12);
  });

  it('cover most values, but no single outlier', () => {
    const values = [...Array.from({ length: 200 }, (_, i) => i / 199), 1e6];
    const [low, high] = rangeOf(values, false);
    expect(low).toBeLessThan(0.01);
    expect(high).toBeGreaterThan(1);
    expect(high).toBeLessThan(1.2);
    expect(rangeOf([2, 2], false)).toEqual([1.8, 2.2]);
    expect(rangeOf([2, 2 + 1e-9], false)[0]).toBeCloseTo(1.8, 6);
    expect(rangeOf([0], false)).toEqual([-1, 1]);
    expect(rangeOf([2], true)).toEqual([1, 4]);
    expect(rangeOf([], false)).toEqual([0, 1]);
  });
});

it('drawnSeries groups neighbors, and smooths without a delay at the beginning', () => {
  const steps = Array.from({ length: 900 }, (_, i) => i + 1);
  const drawn = drawnSeries({ name: 'a', steps, values: steps.map((step) => step % 3) });
  expect(drawn.steps).toHaveLength(300);
  expect([drawn.steps[0], drawn.values[0], drawn.lows[0], drawn.highs[0]]).toEqual([3, 1, 0, 2]);
  for (const value of drawn.smooth) expect(value).toBeCloseTo(1, 12);
  const short = drawnSeries({ name: 'a', steps: [1, 2], values: [5, 7] });
  expect(short.smooth[0]).toBe(5);
});

describe('charts', () => {
  const row = (step: number, more: Partial<MetricsRow>): MetricsRow => ({
    step,
    seconds: step,
    losses: {},
    statistics: {},
    ...more,
  });
  const config = { settings: { batch: 8 } } as unknown as Parameters<typeof chartsOf>[0]['config'];

  it('show what there is: losses, each term, statistics that belong together, others, speed', () => {
    const rows = [
      row(1, { stage: 'a', losses: { generator: 1 }, statistics: { realLogit: 2, fakeLogit: 3 } }),
      row(3, {
        stage: 'b',
        losses: { generator: 2, 'generator/<content>': 4 },
        statistics: { ownNumber: 1, realLogit: NaN },
      }),
    ];
    const charts = chartsOf({ rows, config });
    expect(charts.map(({ title, series }) => [title, ...series.map(({ name }) => name)])).toEqual([
      ['Losses', 'generator'],
      ['<content>', '<content>'],
      ['Logits', 'real', 'fake'],
      ['Own number', 'ownNumber'],
      ['Speed', 'pictures/s'],
    ]);
    expect(charts[0]!.series[0]).toEqual({ name: 'generator', steps: [1, 3], values: [1, 2] });
    expect(charts.at(-1)!.series[0]!.values).toEqual([8]);
    expect(charts[0]!.marks).toEqual([{ step: 3, name: 'b' }]);
    const html = charts.map((chart) => lineChart(chart).html).join('');
    expect(html).toContain('<b>&lt;content&gt;</b>');
    expect(html).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('draw values where they are', () => {
    const { html } = lineChart({
      title: 'x',
      series: [{ name: 'a', steps: [0, 50, 100], values: [0, 1, 0] }],
    });
    // A margin of 6 % above and below: 1 is at 0.06/1.12 from the top.
    expect(html).toContain('class="line c0" d="M0 946L500 54L1000 946"');
    expect(html).toContain('<span class="x" style="left:40.00%">40</span>');
    expect(html).toContain('<output>0</output>');
  });

  it('mark the beginnings of stages that lie inside', () => {
    const series = [{ name: 'a', steps: [10, 30], values: [0, 1] }];
    const marks = [5, 10, 20].map((step) => ({ step, name: `from ${step}` }));
    const { html } = lineChart({ title: 'x', series, marks });
    expect(html.match(/from \d+/g)).toEqual(['from 20']);
    expect(html).toContain('<path class="mark" d="M500 0V1000"/>');
  });

  it('leave out what a logarithm has not, down to nothing', () => {
    const series = [{ name: 'a', steps: [1, 2], values: [0, -1] }];
    const { html } = lineChart({ title: 'x', series, logarithmic: true });
    expect(html).not.toMatch(/NaN|Infinity|class="line/);
  });
});

describe('readFrames', () => {
  it('keeps within a megabyte, however sizes are spread', async () => {
    const run = memoryStore();
    for (let step = 1; step <= 60; step++) {
      // Noise at first, which compresses badly.
      const bytes = step < 10 ? 300_000 : 60_000;
      await run.put(`samples/step-${String(step).padStart(6, '0')}.png`, new Uint8Array(bytes));
    }
    const frames = await readFrames(run);
    const size = frames.reduce((sum, { png }) => sum + png.length, 0);
    expect(size).toBeLessThanOrEqual(1e6);
    expect(size).toBeGreaterThan(6e5);
    expect([frames[0]!.step, frames.at(-1)!.step]).toEqual([1, 60]);
    const gaps = frames.slice(1).map(({ step }, i) => step - frames[i]!.step);
    expect(Math.max(...gaps) - Math.min(...gaps)).toBeLessThanOrEqual(1);
  });

  it('reads grids in order, thinned by number and by size', async () => {
    const run = memoryStore();
    expect(await readFrames(run)).toEqual([]);
    for (let step = 1; step <= 1000; step += 111) {
      const name = `samples/step-${String(step).padStart(3, '0')}.png`;
      await run.put(name, new Uint8Array(100));
    }
    await putText(run, 'samples/strip.webp', '');
    const steps = async (limits: object) => (await readFrames(run, limits)).map(({ step }) => step);
    expect(await steps({})).toEqual([1, 112, 223, 334, 445, 556, 667, 778, 889, 1000]);
    expect(await steps({ count: 4 })).toEqual([1, 334, 667, 1000]);
    expect(await steps({ count: 10, bytes: 400 })).toEqual([1, 334, 667, 1000]);
    expect(await steps({ count: 10, bytes: 200 })).toEqual([1, 1000]);
    // The newest is there in any case.
    expect(await steps({ count: 10, bytes: 199 })).toEqual([1000]);
    expect(await steps({ count: 10, bytes: 10 })).toEqual([1000]);
    expect(await countFrames(run)).toBe(10);
  });
});
