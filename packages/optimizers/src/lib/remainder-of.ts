import { type Schedule, valueAt } from '@ganloom/core';
import { SHARE } from './settings';

/** 1 − Π is 1 from there on. */
const NEGLIGIBLE = 2 ** -60;

/**
 * What of zeros at the start is left in a moving average after the update with `n` others before it:
 * β^(n + 1), or Π β(k) over k = 0 … n where β follows a schedule.
 *
 * The answer depends on n alone; the products of a schedule are computed once.
 */
export function remainderOf(beta: number | Schedule): (n: number) => number {
  if (typeof beta === 'number') return (n) => beta ** (n + 1);
  const products: number[] = [];
  return (n) => {
    let last = products.at(-1) ?? 1;
    while (products.length <= n && last > NEGLIGIBLE) {
      last *= valueAt(beta, products.length, SHARE);
      products.push(last);
    }
    return products[Math.min(n, products.length - 1)]!;
  };
}
