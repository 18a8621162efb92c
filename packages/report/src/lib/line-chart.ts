import { figure } from '@ganloom/training';
import { type Markup, markup } from './markup';
import { linearScale, logarithmicScale, rangeOf, type Scale } from './scale';
import { type DrawnSeries, drawnSeries, type Series } from './series';

export interface LineChart {
  readonly title: string;
  /** What the values mean, in a few words. */
  readonly note?: string;
  readonly series: readonly Series[];
  readonly logarithmic?: boolean;
  /** Steps at which something begins, by name. */
  readonly marks?: readonly { readonly step: number; readonly name: string }[];
}

// The drawing is stretched to its box, so that text, which lies above it, is of one size everywhere.
const SIZE = 1000;

/** Curves over steps as HTML with SVG inside. It needs no script; one may show values by `data-chart`. */
export function lineChart(chart: LineChart): Markup {
  const { title, note, logarithmic = false } = chart;
  const series = chart.series.map((one) => drawnSeries(positive(one, logarithmic)));
  const all = series.flatMap(({ steps }) => [steps[0], steps.at(-1)]).filter(isNumber);
  const first = all.length > 0 ? Math.min(...all) : 0;
  const last = Math.max(first + 1, ...all);
  const x = linearScale(first, last, 5);
  const marks = (chart.marks ?? []).filter(({ step }) => step > first && step < last);
  const [low, high] = rangeOf(
    series.flatMap(({ lows, highs, smooth }) => [...lows, ...highs, ...smooth]),
    logarithmic,
  );
  const y = (logarithmic ? logarithmicScale : linearScale)(low, high, 4);
  const data = series.map(({ name, steps, values }) => ({
    name,
    steps,
    values: values.map(short),
  }));
  return markup`<figure class="chart" tabindex="0" aria-label="${title}: curves over steps; arrow keys read values" data-range="${first} ${last}" data-chart="${JSON.stringify(data)}">
<figcaption><b>${title}</b>${note !== undefined && markup` <small>${note}</small>`}<span class="at"></span>
<ul>${series.map(
    ({ name, values }, i) =>
      markup`<li class="c${i % 6}">${name} <output>${values.length > 0 && figure(values.at(-1)!)}</output></li>`,
  )}</ul></figcaption>
<div class="plot"><svg viewBox="0 0 ${SIZE} ${SIZE}" preserveAspectRatio="none" aria-hidden="true">
${y.ticks.map((tick) => markup`<path class="grid" d="M0 ${at(1 - y.place(tick))}H${SIZE}"/>`)}
${marks.map(({ step }) => markup`<path class="mark" d="M${at(x.place(step))} 0V${SIZE}"/>`)}
${series.map((one, i) => curve(one, i, x, y))}
</svg>${y.ticks.map(
    (tick) =>
      markup`<span class="y" style="top:${percent(1 - y.place(tick))}">${label(tick)}</span>`,
  )}${x.ticks.map(
    (tick) => markup`<span class="x" style="left:${percent(x.place(tick))}">${label(tick)}</span>`,
  )}${marks.map(
    ({ step, name }) =>
      markup`<span class="stage" style="left:${percent(x.place(step))}">${name}</span>`,
  )}<i class="cursor" hidden></i></div>
</figure>`;
}

function curve(series: DrawnSeries, i: number, x: Scale, y: Scale): Markup {
  const { steps, lows, highs, smooth } = series;
  const point = (values: readonly number[], k: number) =>
    `${at(x.place(steps[k]!))} ${at(1 - y.place(values[k]!))}`;
  const indices = steps.map((_, k) => k);
  const up = indices.map((k) => point(highs, k));
  // There and back; where a group is one point, this is the line of the values itself.
  const down = [...indices].reverse().map((k) => point(lows, k));
  const line = indices.map((k) => point(smooth, k));
  if (line.length === 0) return markup``;
  return markup`<path class="band c${i % 6}" d="M${[...up, ...down].join('L')}Z"/><path class="line c${i % 6}" d="M${line.join('L')}${line.length === 1 && 'h1'}"/>`;
}

function positive(series: Series, logarithmic: boolean): Series {
  const kept = series.values
    .map((value, i) => [series.steps[i]!, value] as const)
    // NaN and infinity are null in JSON.
    .filter(([, value]) => Number.isFinite(value) && (!logarithmic || value > 0));
  return { name: series.name, steps: kept.map(([step]) => step), values: kept.map(([, v]) => v) };
}

const isNumber = (value: number | undefined): value is number => value !== undefined;
const at = (share: number) => Math.round(Math.min(3, Math.max(-2, share)) * SIZE);
const percent = (share: number) => `${(share * 100).toFixed(2)}%`;
const short = (value: number) => Number(value.toPrecision(4));

function label(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e6) return `${figure(value / 1e6)}M`;
  if (size >= 1e4) return `${figure(value / 1e3)}k`;
  return size > 0 && size < 1e-3 ? value.toExponential(0) : String(value);
}
