import type { Findings } from './checks';
import { knownFaults } from './known-faults';

/** What came of all checks of a backend. */
export interface Report {
  readonly kernels: Findings;
  readonly gradients: Findings;
  readonly trainings: Findings;
}

/** What is printed of a report. */
export interface Summary {
  readonly lines: readonly string[];
  readonly failed: number;
}

/** Counts what passed, and says what did not, but for what is known to be wrong. */
export function summarize(backend: string, report: Report): Summary {
  const known = knownFaults[backend] ?? {};
  const counts: string[] = [];
  const faults: string[] = [];
  for (const [part, findings] of Object.entries(report) as [keyof Report, Findings][]) {
    const isKnown = (name: string) => part === 'kernels' && known[name] !== undefined;
    const wrong = Object.entries(findings).filter(([, fault]) => fault !== undefined);
    const unknown = wrong.filter(([name]) => !isKnown(name));
    const passed = Object.keys(findings).length - wrong.length;
    const expected = wrong.length - unknown.length;
    counts.push(
      `${part}: ${passed} passed, ${unknown.length} failed` +
        (expected > 0 ? `, ${expected} known to be wrong` : ''),
    );
    faults.push(...unknown.map(([name, fault]) => `failed: ${part}, ${name}: ${fault}`));
  }
  return { lines: [...counts, ...faults], failed: faults.length };
}
