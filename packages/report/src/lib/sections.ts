import { toBase64 } from './base64';
import { chartsOf } from './charts';
import type { Frame } from './frames';
import { lineChart } from './line-chart';
import { embeddedJson, type Markup, markup, raw } from './markup';
import { runNames } from '@ganloom/runs';
import type { ReportData, RunState } from './report-data';
import { words } from './words';

const STATES: Readonly<Record<RunState, string>> = {
  running: 'running',
  unfinished: 'not finished',
  done: 'done',
  steps: 'done',
  interrupted: 'interrupted',
  stopped: 'ended early',
  failed: 'failed',
};

/** How far the run is, in the page's head. */
export function statusSection({ state, step, steps, error }: ReportData): Markup {
  const of = steps === undefined ? '' : ` of ${count(steps)}`;
  return markup`<p><span class="state ${state}">${STATES[state]}</span> step ${count(step)}${of}</p>
${steps !== undefined && state === 'running' && markup`<progress max="${steps}" value="${step}" aria-label="steps done"></progress>`}
${error !== undefined && markup`<p class="error">${error}</p>`}`;
}

/** The figures that people ask for first. */
export function figuresSection({ config, rows, step, seconds }: ReportData): Markup {
  const { backend } = config;
  const batch = Number(config.settings['batch']);
  const losses = Object.entries(rows.at(-1)?.losses ?? {}).filter(([name]) => !name.includes('/'));
  const tiles: (readonly [name: string, value: string, more?: string | undefined])[] = [
    ['time', duration(seconds), seconds > 0 ? `${perSecond(step / seconds)} steps/s` : undefined],
    ...(seconds > 0
      ? ([['speed', perSecond((step * batch) / seconds), 'pictures/s']] as const)
      : []),
    ...losses.map(([name, value]) => [`${name} loss`, Number(value).toFixed(3)] as const),
    ['backend', backend.name, backend.threads ? `${backend.threads} thread(s)` : backend.device],
  ];
  return markup`<dl>${tiles.map(
    ([name, value, more]) =>
      markup`<div><dt>${name}</dt><dd>${value}${more !== undefined && markup` <small>${more}</small>`}</dd></div>`,
  )}</dl>`;
}

/** All curves. */
export function chartsSection(data: ReportData): Markup {
  return markup`${chartsOf(data).map(lineChart)}`;
}

/** The samples, the last grid shown; a script makes the others reachable, and takes that from where it is. */
export function samplesSection({ frames, frameCount = frames.length }: ReportData): Markup {
  const last = frames.at(-1);
  const leftOut = frameCount - frames.length;
  return markup`<figure id="samples"${last === undefined && raw(' hidden')}>
<img alt="samples after step ${last?.step}" src="${last && dataUri(last)}">
<figcaption><button type="button" hidden>Play</button>
<input type="range" min="0" max="${Math.max(0, frames.length - 1)}" value="${Math.max(0, frames.length - 1)}" aria-label="samples by step" hidden>
<output>step ${last && count(last.step)}</output></figcaption></figure>
${leftOut > 0 && markup`<p class="quiet">${count(leftOut)} of ${count(frameCount)} sample grids are left out, so that this page stays small. All are in the folder <code>${runNames.samples}</code> of the run.</p>`}
<script type="application/json" id="frames">${embeddedJson([...frames.slice(0, -1).map(frameData), ...(last ? [{ step: last.step }] : [])])}</script>`;
}

/** A frame as the page's script takes it. */
export function frameData(frame: Frame): { step: number; src: string } {
  return { step: frame.step, src: dataUri(frame) };
}

/** Settings, data and versions. */
export function settingsSection({ config }: ReportData): Markup {
  const { settings, data, backend, versions } = config;
  const { image } = data;
  const examples = image
    ? { pictures: data.size, size: `${image.height}×${image.width}×${image.channels}` }
    : { examples: data.size };
  const classes = data.classNames ? { classes: data.classNames.join(', ') } : {};
  return markup`${table('Settings', settings)}
${table('Data', { name: data.name, ...examples, ...classes })}
${table('Made with', { app: config.app, backend: backend.name, device: backend.device, threads: backend.threads, 'fewer threads': backend.threadsNote, ...versions })}`;
}

function table(title: string, values: Readonly<Record<string, unknown>>): Markup {
  const rows = Object.entries(values).filter(([, value]) => value !== undefined);
  return markup`<table><caption>${title}</caption><tbody>${rows.map(
    ([name, value]) =>
      markup`<tr><th scope="row">${words(name)}</th><td>${typeof value === 'string' ? value : JSON.stringify(value)}</td></tr>`,
  )}</tbody></table>`;
}

function dataUri({ png }: Frame): string {
  return `data:image/png;base64,${toBase64(png)}`;
}

const count = (value: number) => value.toLocaleString('en');
const perSecond = (value: number) => (value >= 100 ? value.toFixed(0) : value.toPrecision(2));

function duration(seconds: number): string {
  const whole = Math.round(seconds);
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  if (h > 0) return `${h} h ${m} min`;
  return m > 0 ? `${m} min ${s} s` : `${seconds < 10 ? seconds.toFixed(1) : s} s`;
}
