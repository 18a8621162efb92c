import type { Sampler } from '@ganloom/core';

/** How many classes a sampler can be asked for; 0 if it takes none. */
export function classesOf({ inputs }: Sampler): number {
  const input = inputs.find(({ kind }) => kind === 'class');
  return input?.kind === 'class' ? input.classes : 0;
}

/** The same sampler with a name for each class: those given, if they are as many, or else numbers. */
export function withClassNames({ inputs }: Sampler, names: readonly string[] = []): Sampler {
  const classes = classesOf({ inputs });
  if (classes === 0) return { inputs };
  return { inputs, classNames: names.length === classes ? names : numbersTo(classes) };
}

/** `0`, `1`, …, as names. */
export function numbersTo(count: number): string[] {
  return Array.from({ length: count }, (_, i) => String(i));
}
