import { createInterface } from 'node:readline';

/** What a side says when it can start. */
export interface About {
  readonly threads: number;
  readonly versions: Readonly<Record<string, string>>;
  readonly [name: string]: unknown;
}

/** What a side says after a turn. */
export interface Turn {
  /** Milliseconds of each step. */
  readonly ms: readonly number[];
  /** How long the process had nothing to do, and the processor time it used meanwhile. */
  readonly idleMs: number;
  readonly idleCpuMs: number;
  /** Largest resident memory so far. */
  readonly peakMB: number;
}

const now = () => {
  const { user, system } = process.cpuUsage();
  return { wall: performance.now(), cpu: (user + system) / 1000 };
};

/** Our side of the protocol in `peers/serve.py`: runs `step` as often as asked, until stdin ends. */
export async function serve(step: () => Promise<void>, about: About): Promise<void> {
  const say = (value: object) => process.stdout.write(`${JSON.stringify(value)}\n`);
  say({ ready: true, ...about });
  let asleep = now();
  for await (const line of createInterface({ input: process.stdin })) {
    const awake = now();
    const steps = /^run (\d+)$/.exec(line.trim())?.[1];
    if (steps === undefined) {
      say({ error: `expected 'run N', got '${line}'` });
      continue;
    }
    const ms: number[] = [];
    for (let i = 0; i < Number(steps); i++) {
      const start = performance.now();
      await step();
      ms.push(performance.now() - start);
    }
    const turn: Turn = {
      ms,
      idleMs: awake.wall - asleep.wall,
      idleCpuMs: awake.cpu - asleep.cpu,
      // Kilobytes, whatever the platform.
      peakMB: process.resourceUsage().maxRSS / 1024,
    };
    say(turn);
    asleep = now();
  }
}
