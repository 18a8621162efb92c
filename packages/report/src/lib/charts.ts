import type { MetricsRow } from '@ganloom/runs';
import type { LineChart } from './line-chart';
import type { ReportData } from './report-data';
import type { Series } from './series';
import { words } from './words';

/** The statistics that belong together; others get a chart each. */
const TOGETHER: readonly (Omit<LineChart, 'series'> & {
  names: Readonly<Record<string, string>>;
})[] = [
  {
    title: 'Logits',
    note: 'means over a batch',
    names: { realLogit: 'real', fakeLogit: 'fake' },
  },
  {
    title: 'Gradient norms',
    logarithmic: true,
    names: {
      generatorGradientNorm: 'generator',
      discriminatorGradientNorm: 'discriminator',
    },
  },
  {
    title: 'Diversity of samples',
    note: '1 is that of real pictures',
    names: { pixelDiversity: 'of pixels', nearestDistance: 'from the nearest other' },
  },
  {
    title: 'Samples among real pictures',
    note: 'shares',
    names: {
      pictureCoverage: 'real ones near a sample',
      picturePrecision: 'samples near a real one',
    },
  },
];

/** The curves of a run, charts without a value left out. */
export function chartsOf({ rows, config }: Pick<ReportData, 'rows' | 'config'>): LineChart[] {
  const marks = stagesOf(rows);
  const losses = namesOf(rows, 'losses');
  const grouped = TOGETHER.flatMap(({ names }) => Object.keys(names));
  const charts: LineChart[] = [
    {
      title: 'Losses',
      series: ['generator', 'discriminator'].map((name) => seriesOf(rows, 'losses', name)),
    },
    ...losses
      .filter((name) => name.includes('/'))
      .map((name) => ({
        title: termOf(name),
        note: `term of the ${name.split('/')[0]}, without its weight`,
        series: [{ ...seriesOf(rows, 'losses', name), name: termOf(name) }],
      })),
    ...TOGETHER.map(({ names, ...chart }) => ({
      ...chart,
      series: Object.entries(names).map(([name, shown]) => ({
        ...seriesOf(rows, 'statistics', name),
        name: shown,
      })),
    })),
    ...namesOf(rows, 'statistics')
      .filter((name) => !grouped.includes(name))
      .map((name) => ({ title: titleOf(name), series: [seriesOf(rows, 'statistics', name)] })),
    speedOf(rows, Number(config.settings['batch'])),
  ];
  return charts
    .map((chart) => ({
      ...chart,
      marks,
      series: chart.series.filter(({ steps }) => steps.length > 0),
    }))
    .filter(({ series }) => series.length > 0);
}

function seriesOf(rows: readonly MetricsRow[], of: 'losses' | 'statistics', name: string): Series {
  const there = rows.filter((row) => typeof row[of][name] === 'number');
  return { name, steps: there.map(({ step }) => step), values: there.map((row) => row[of][name]!) };
}

function namesOf(rows: readonly MetricsRow[], of: 'losses' | 'statistics'): string[] {
  return [...new Set(rows.flatMap((row) => Object.keys(row[of])))];
}

function speedOf(rows: readonly MetricsRow[], batch: number): LineChart {
  const steps: number[] = [];
  const values: number[] = [];
  rows.forEach(({ step, seconds }, i) => {
    const before = rows[i - 1];
    if (!before || seconds <= before.seconds) return;
    steps.push(step);
    values.push((batch * (step - before.step)) / (seconds - before.seconds));
  });
  return {
    title: 'Speed',
    note: 'pictures per second',
    series: [{ name: 'pictures/s', steps, values }],
  };
}

const titleOf = (name: string) => name.charAt(0).toUpperCase() + words(name).slice(1);

/** The name of the term in `<player>/<term>`. */
const termOf = (name: string) => name.slice(name.indexOf('/') + 1);

/** Where stages after the first begin. */
function stagesOf(rows: readonly MetricsRow[]): { step: number; name: string }[] {
  return rows.flatMap(({ step, stage }, i) =>
    stage !== undefined && i > 0 && rows[i - 1]!.stage !== stage ? [{ step, name: stage }] : [],
  );
}
