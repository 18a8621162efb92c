import { type FastKernel, isFloat, sizeOf } from './kernel';

/** As the stock kernel where all are numbers; it sorts nothing right that has a NaN, the largest here. */
export const topK: FastKernel = {
  name: 'TopK',
  run({ inputs, attrs, backend }) {
    const x = inputs['x']!;
    if (!isFloat(x) || sizeOf(x) === 0) return undefined;
    const values = backend.values(x);
    if (!values.some(Number.isNaN)) return undefined;
    const k = attrs['k'] as number;
    const size = x.shape.at(-1)!;
    const shape = [...x.shape.slice(0, -1), k];
    const [largest, places] = [backend.output(shape), backend.output(shape, 'int32')];
    const [to, at] = [backend.values(largest), backend.values(places)];
    for (let row = 0; row < values.length / size; row++) {
      const order = [...values.subarray(row * size, (row + 1) * size)]
        .map((value, place) => ({ value, place }))
        .sort((a, b) => descending(a.value, b.value) || a.place - b.place);
      for (let i = 0; i < k; i++) {
        to[row * k + i] = order[i]!.value;
        at[row * k + i] = order[i]!.place;
      }
    }
    return [largest, places];
  },
};

function descending(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(b)) - Number(Number.isNaN(a));
  return a === b ? 0 : b > a ? 1 : -1;
}
