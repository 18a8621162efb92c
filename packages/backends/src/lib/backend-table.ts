import type { NamedDescription } from './describe-backends';

/** What `describeBackends` found, as lines for a terminal. */
export function backendTable(descriptions: readonly NamedDescription[]): string {
  const width = Math.max(...descriptions.map(({ name }) => name.length)) + 2;
  return descriptions
    .flatMap((description) => {
      const [first, ...rest] = linesOf(description);
      const pad = ' '.repeat(width);
      return [description.name.padEnd(width) + first, ...rest.map((line) => pad + line)];
    })
    .join('\n');
}

function linesOf(description: NamedDescription): string[] {
  const { isAvailable, missing, remedy, device, threads, simd, trains, note } = description;
  if (!isAvailable) return [`not here: ${missing}`, `→ ${remedy}`];
  const parts = [
    device,
    simd && `${simd.bits} bits`,
    threads !== undefined && `${threads} thread${threads === 1 ? '' : 's'}`,
  ];
  const what = `${trains ? 'trains' : 'does not train'}: ${parts.filter(Boolean).join(', ')}`;
  return note === undefined ? [what] : [what, `(${note})`];
}
