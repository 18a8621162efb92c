import { type DoneCheck, healthChecks } from '@ganloom/training';
import type { Recognition } from './evaluation';
import { type Markup, markup } from './markup';
import type { ReportData } from './report-data';

/** What the health monitor says, and what it could not look at. */
export function healthSection(data: ReportData): Markup {
  const { verdicts, rows, recognition, evaluationFault } = data;
  if (rows.length === 0)
    return markup`<p class="quiet">Nothing is known before the first step.</p>`;
  const all = healthChecks(rows);
  const done = all.filter(({ seen, times }) => seen >= times).map(({ what }) => what);
  const found =
    verdicts.length > 0 &&
    markup`<ul class="verdicts">${verdicts.map(
      ({ name, stage, step, lastStep, message }) =>
        markup`<li><b>${name}</b> <small>${stage !== undefined && `${stage}, `}${step === lastStep ? `step ${count(step)}` : `steps ${count(step)}–${count(lastStep)}`}</small><br>${message}</li>`,
    )}</ul>`;
  const nothing =
    verdicts.length === 0 &&
    done.length > 0 &&
    markup`<p class="good"><b>Nothing looks wrong in what was checked:</b> no sign of ${listed(done)}.</p>`;
  const gaps = [...all.flatMap(gapOf), ...classGap(data, all)];
  const fault =
    evaluationFault !== undefined && markup`<p><b>Not shown:</b> ${evaluationFault}.</p>`;
  return markup`${found}${nothing}${recognition && recognitionOf(recognition)}${fault}
${gaps.length > 0 && markup`<p class="quiet"><b>Not checked:</b> ${gaps.join('; ')}.</p>`}`;
}

/** What nothing can be said of, in words. */
function gapOf({ what, seen, times, ifAny = false }: DoneCheck): string[] {
  if (seen >= times || (seen === 0 && ifAny)) return [];
  return [seen === 0 ? what : `${what} (needs ${times} logged values, got ${seen})`];
}

/** Of data with classes, what samples of them are like is for a classifier to say. */
function classGap({ config, recognition }: ReportData, all: readonly DoneCheck[]): string[] {
  if (!config.data.classNames || recognition) return [];
  const isSeen = all.some(({ of, seen }) => of.includes('classAgreement') && seen > 0);
  return isSeen
    ? ['whether each class can be recognized: run evaluate, then report']
    : ['what becomes of the classes: run evaluate, then report'];
}

function recognitionOf({ count: drawn, recognized, perClass, accuracy }: Recognition): Markup {
  const missed = Object.entries(perClass).filter(([, share]) => share < accuracy / 2);
  const found = `a classifier that knows ${percent(accuracy)} of real pictures takes ${percent(recognized)} of ${count(drawn)} samples for what was asked for`;
  if (missed.length === 0) {
    return markup`<p>The last evaluation: ${found}, and of each class at least half as many as of real ones.</p>`;
  }
  const names = missed.map(([name, share]) => `${name} (${percent(share)})`);
  return markup`<ul class="verdicts"><li><b>classes not recognized</b> <small>last evaluation</small><br>${found}; seldom ${listed(names)}: look at these samples</li></ul>`;
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
const count = (value: number) => value.toLocaleString('en');
