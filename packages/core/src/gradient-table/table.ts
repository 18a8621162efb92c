import type { GradientFamily } from './gradient-case';
import { type Measurements, type Outcome, tolerance } from './measure';

export interface BackendMeasurements {
  readonly backend: string;
  readonly stock: Measurements;
  readonly installed: Measurements;
}

/** `right`, `wrong by 12 %` or `throws: …`. */
export function describeOutcome(outcome: Outcome): string {
  if ('message' in outcome) return `throws: ${shorten(outcome.message)}`;
  if (outcome.error <= tolerance) return 'right';
  if (Number.isNaN(outcome.error)) return 'wrong: not a number';
  const percent = 100 * outcome.error;
  return `wrong by ${percent < 1 ? percent.toFixed(1) : Math.round(percent)} %`;
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

/** The page that `pnpm gradients` writes. */
export function gradientTable(
  families: readonly GradientFamily[],
  version: string,
  backends: readonly BackendMeasurements[],
): string {
  const cell = (name: string, when: 'stock' | 'installed', order: 'first' | 'second') => {
    const texts = backends.map((measured) => describeOutcome(measured[when][name]![order]));
    if (texts.every((text) => text === texts[0])) return texts[0]!;
    return backends.map(({ backend }, i) => `${backend}: ${texts[i]}`).join('; ');
  };
  const sections = families.map(({ title, cases }) => {
    const rows = cases.map(({ name, unrepaired, unreliableOnWebgpu }) => {
      const cells = [
        cell(name, 'stock', 'first'),
        cell(name, 'stock', 'second'),
        cell(name, 'installed', 'first'),
        cell(name, 'installed', 'second'),
      ];
      const onWebgpu = unreliableOnWebgpu && `webgpu: ${unreliableOnWebgpu}`;
      const note = [unrepaired, onWebgpu]
        .filter(Boolean)
        .map((why) => ` (${why})`)
        .join('');
      return `| ${[name.replaceAll('|', '\\|') + note, ...cells].join(' | ')} |`;
    });
    return [
      `## ${title}`,
      '',
      '| operation | stock, first | stock, second | installed, first | installed, second |',
      '| --- | --- | --- | --- | --- |',
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
  const names = families.flatMap(({ cases }) => cases.map(({ name }) => name));
  const right = (when: 'stock' | 'installed', order: 'first' | 'second') =>
    names.filter((name) =>
      backends.every((measured) => describeOutcome(measured[when][name]![order]) === 'right'),
    ).length;
  return [
    '# Gradients of TensorFlow.js, first and second order',
    '',
    `Written by \`pnpm gradients\`: TensorFlow.js ${version}, backends ${backends
      .map(({ backend }) => `\`${backend}\``)
      .join(', ')}; stock, and after \`installGradients()\` of \`@ganloom/core\`.`,
    '',
    'For each operation, f(x) = Σ w·(y + y²/2) of its output y is differentiated with respect to ' +
      'all inputs, the filters of convolutions among them (first order), and so is ‖∇f‖², as a ' +
      'gradient penalty needs it (second order). Both are compared with central differences of a ' +
      'float64 function. *Wrong by* is the largest error, relative to the largest expected value. ' +
      'webgpu runs in Chromium on SwiftShader.',
    '',
    `| right, of ${names.length} | first order | second order |`,
    '| --- | --- | --- |',
    `| stock | ${right('stock', 'first')} | ${right('stock', 'second')} |`,
    `| installed | ${right('installed', 'first')} | ${right('installed', 'second')} |`,
    '',
  ];
}
