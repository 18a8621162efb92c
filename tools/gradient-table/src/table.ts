import type { GradientFamily } from './gradient-case';
import type { Measurement, Measurements, Outcome } from './measure';

export interface BackendMeasurements {
  readonly backend: string;
  readonly stock: Measurements;
  readonly installed: Measurements;
}

export const isRight = (outcome: Outcome): boolean => 'right' in outcome && outcome.right;

/**
 * `right`, `wrong by 12 %` or `throws: …`; and at how many of a case's shapes, where they differ. Of
 * several errors the largest is named, of several messages the first.
 */
export function describeOutcomes(outcomes: readonly Outcome[]): string {
  const right = outcomes.filter(isRight).length;
  const wrong = outcomes.flatMap((o) => ('right' in o && !o.right ? [o.error] : []));
  const messages = outcomes.flatMap((o) => ('message' in o ? [o.message] : []));
  const kinds = [
    [right, 'right', ''],
    [wrong.length, 'wrong', wrong.length > 0 ? ` by ${percentage(Math.max(...wrong))}` : ''],
    [messages.length, 'throws', messages.length > 0 ? `: ${shorten(messages[0]!)}` : ''],
  ] as const;
  return kinds
    .filter(([count]) => count > 0)
    .map(([count, what, how]) => (count < outcomes.length ? `${count}× ` : '') + what + how)
    .join(', ');
}

function percentage(error: number): string {
  if (Number.isNaN(error)) return 'NaN';
  const percent = 100 * error;
  return `${percent < 1 ? Number(percent.toPrecision(1)) : Math.round(percent)} %`;
}

/** The first sentence, as much of it as fits a cell. */
function shorten(message: string): string {
  const missing = /gradient function not found for (\w+)/.exec(message);
  if (missing) return `no gradient of ${missing[1]}`;
  const shapes = /has shape '([^']*)', .* of the input '([^']*)'/.exec(message);
  const sentence = shapes
    ? `a gradient of shape [${shapes[1]}] for an input of [${shapes[2]}]`
    : message
        .replace(/^Cannot compute gradient: |^Error in gradient of /, '')
        .split(/\.\s|\.$/)[0]!;
  const short = sentence.length > 72 ? `${sentence.slice(0, 70).trimEnd()} …` : sentence;
  return short.replaceAll('|', '\\|');
}

type Order = 'first' | 'second';

const of = (measurements: readonly Measurement[], order: Order) =>
  measurements.map((measured) => measured[order]);

/** The page that `pnpm gradients` writes. */
export function gradientTable(
  families: readonly GradientFamily[],
  version: string,
  backends: readonly BackendMeasurements[],
): string {
  const cell = (name: string, when: 'stock' | 'installed', order: Order) => {
    const texts = backends.map((measured) => describeOutcomes(of(measured[when][name]!, order)));
    if (texts.every((text) => text === texts[0])) return texts[0]!;
    return backends.map(({ backend }, i) => `${backend}: ${texts[i]}`).join('; ');
  };
  const sections = families.map(({ title, cases }) => {
    const rows = cases.map(({ name, trials, unrepaired, unreliable = {} }) => {
      const cells = [
        cell(name, 'stock', 'first'),
        cell(name, 'stock', 'second'),
        cell(name, 'installed', 'first'),
        cell(name, 'installed', 'second'),
      ];
      const reasons = Object.entries(unreliable).map(([backend, why]) => `${backend}: ${why}`);
      const note = [...(unrepaired === undefined ? [] : [unrepaired]), ...reasons]
        .map((why) => ` (${why})`)
        .join('');
      return `| ${[name.replaceAll('|', '\\|') + note, trials.length, ...cells].join(' | ')} |`;
    });
    return [
      `## ${title}`,
      '',
      '| operation | shapes | stock, first | stock, second | installed, first | installed, second |',
      '| --- | --- | --- | --- | --- | --- |',
      ...rows,
      '',
    ].join('\n');
  });
  return [...introduction(families, version, backends), ...sections].join('\n');
}

function introduction(
  families: readonly GradientFamily[],
  version: string,
  backends: readonly BackendMeasurements[],
): string[] {
  const cases = families.flatMap((family) => family.cases);
  const names = cases.map(({ name }) => name);
  const shapes = cases.reduce((sum, { trials }) => sum + trials.length, 0);
  const right = (when: 'stock' | 'installed', order: Order) =>
    names.filter((name) =>
      backends.every((measured) => of(measured[when][name]!, order).every(isRight)),
    ).length;
  return [
    '# Gradients of TensorFlow.js, first and second order',
    '',
    `Written by \`pnpm gradients\`: TensorFlow.js ${version}, backends ${backends
      .map(({ backend }) => `\`${backend}\``)
      .join(', ')}; stock, and after \`installGradients()\` of \`@ganloom/gradients\`.`,
    '',
    'For each operation, f(x) = Σ w·(y + y²/2) of its output y is differentiated with respect to ' +
      'all inputs, the filters of convolutions among them (first order), and so is ‖∇f‖², as a ' +
      'gradient penalty needs it (second order), the operation being recorded by the inner gradient ' +
      'or before it. Of layers, all trainable weights are such inputs, and ∇f is with respect to the ' +
      'one that is not a weight. All are compared with central differences of a ' +
      'float64 function, element by element: an error may be 0.1 % of the element and 0.001 % of ' +
      'the largest of its gradient, or of 1 if that is more. *Wrong by* is the largest error, ' +
      'relative to that largest element. webgl and webgpu run in Chromium on SwiftShader.',
    '',
    `Each of the ${names.length} operations is tried at several *shapes*, ${shapes} in all: of ` +
      'several ranks, odd sizes, dimensions of one element, batches of one, and with the strides, ' +
      'paddings and dilations that it takes. It counts as right if it is at all of them, on all ' +
      'backends; *3× right* is at three of them.',
    '',
    `| right, of ${names.length} | first order | second order |`,
    '| --- | --- | --- |',
    `| stock | ${right('stock', 'first')} | ${right('stock', 'second')} |`,
    `| installed | ${right('installed', 'first')} | ${right('installed', 'second')} |`,
    '',
  ];
}
