import { Cases } from '@ganloom/kernels/testing';

/** A tensor of a program that is being written. */
export interface Entry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32' | 'bool';
  /** Its values are the same in whatever order sums are computed. */
  readonly exact: boolean;
}

/** A program's input: `new Cases(seed).grid(shape, dtype, low, high)`. */
export interface Input {
  readonly name: string;
  readonly seed: number;
  readonly shape: number[];
  readonly dtype: Entry['dtype'];
  readonly low: number;
  readonly high: number;
}

/** What an operation's choice of operands comes from: the program so far, and new inputs. */
export class Scope extends Cases {
  readonly entries: Entry[] = [];
  readonly inputs: Input[] = [];

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** A tensor that fulfils a condition, mostly one made lately. */
  find(condition: (entry: Entry) => boolean): Entry | undefined {
    const all = this.entries.filter(condition);
    return all.length === 0 ? undefined : this.pick(this.chance(0.5) ? all.slice(-2) : all);
  }

  input(shape: readonly number[], dtype: Entry['dtype'] = 'float32', low = -3, high = 3): Entry {
    const name = `x${this.inputs.length}`;
    const seed = this.integer(1, 1e6);
    this.inputs.push({ name, seed, shape: [...shape], dtype, low, high });
    const entry: Entry = { name, shape: [...shape], dtype, exact: true };
    this.entries.push(entry);
    return entry;
  }

  /** A float32 tensor of this rank whose values are exact if they must be. */
  float(rank?: number, exact = false): Entry {
    const fits = (e: Entry) =>
      e.dtype === 'float32' &&
      (rank === undefined || e.shape.length === rank) &&
      (!exact || e.exact);
    const found = this.chance(0.8) ? this.find(fits) : undefined;
    return found ?? this.input(this.newShape(rank ?? this.integer(0, 4)));
  }

  /** A tensor of this dtype or, if it is left out, of any; of rank 1 or more. */
  some(dtype?: Entry['dtype'], least = 1): Entry {
    const fits = (e: Entry) =>
      (dtype === undefined || e.dtype === dtype) && e.shape.length >= least && size(e.shape) > 0;
    const found = this.chance(0.9) ? this.find(fits) : undefined;
    const kind = dtype ?? this.pick(['float32', 'float32', 'int32', 'bool'] as const);
    return found ?? this.input(this.newShape(this.integer(Math.max(1, least), 4)), kind);
  }

  /** Mostly small; now and then large enough for several threads. */
  newShape(rank: number): number[] {
    if (rank > 0 && this.chance(0.06)) {
      const shape = this.shape(rank, 3);
      shape[this.integer(0, rank - 1)] = this.pick([4099, 20_001]);
      return shape;
    }
    const most = [1, 40, 12, 8, 8, 4, 3][rank] ?? 2;
    const shape = this.shape(rank, most);
    if (rank > 0 && this.chance(0.02)) shape[this.integer(0, rank - 1)] = 0;
    return shape;
  }

  /** A tensor of the same dtype that broadcasts with x. */
  partner(x: Entry, exact = false, low = -3, high = 3): Entry {
    if (low === -3 && this.chance(0.4)) {
      const same = (e: Entry) =>
        e.dtype === x.dtype && (!exact || e.exact) && broadcasts(e.shape, x.shape);
      const found = this.find(same);
      if (found !== undefined) return found;
    }
    let shape = x.shape.map((n) => (this.chance(0.25) ? 1 : n));
    if (this.chance(0.3)) shape = shape.slice(this.integer(0, shape.length));
    return this.input(shape, x.dtype, low, high);
  }

  /** Some axes of x, in order. */
  axes(x: Entry): number[] {
    const all = x.shape.map((_, d) => d).filter(() => this.chance(0.5));
    return all.length > 0 || x.shape.length === 0 ? all : [this.integer(0, x.shape.length - 1)];
  }
}

export const size = (shape: readonly number[]): number => shape.reduce((p, n) => p * n, 1);

function broadcasts(a: readonly number[], b: readonly number[]): boolean {
  for (let d = 1; d <= Math.min(a.length, b.length); d++) {
    const [m, n] = [a[a.length - d], b[b.length - d]];
    if (m !== n && m !== 1 && n !== 1) return false;
  }
  return true;
}
