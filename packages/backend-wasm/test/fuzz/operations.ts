import { type Entry, type Scope, size } from './scope';

/** An expression over names of the scope. */
export interface Expression {
  readonly text: string;
  /** Adds, multiplies, selects or moves alone: exact values stay exact. */
  readonly exact?: boolean;
  /** Where the result is a list, how long it is. */
  readonly count?: number;
  /** The stock gradient is wrong here. */
  readonly noGradient?: boolean;
}

/** Writes one call of a random operation with random operands and settings. */
export type Operation = (s: Scope) => Expression | undefined;

const list = (values: readonly (number | string)[]) => `[${values.join(', ')}]`;
const exact = (text: string): Expression => ({ text, exact: true });

// Values near a jump or a kink may fall on either side of it: such operations take exact operands.
const KINKS = ['abs', 'relu', 'relu6', 'sign', 'floor', 'ceil', 'round', 'step', 'neg', 'square'];
const SMOOTH = ['exp', 'tanh', 'sigmoid', 'softplus', 'sin', 'cos', 'erf', 'expm1', 'atan', 'neg'];
/** Defined for positive numbers, or with poles at zero. */
const POSITIVE = ['sqrt', 'rsqrt', 'log', 'reciprocal', 'log1p'];

const positive = (x: Entry) => `tf.add(tf.square(${x.name}), 0.5)`;

const elementwise: Operation[] = [
  (s) => exact(`tf.${s.pick(KINKS)}(${s.float(undefined, true).name})`),
  (s) => {
    const x = s.float(undefined, true).name;
    return s.pick([
      exact(`tf.leakyRelu(${x}, 0.25)`),
      exact(`tf.clipByValue(${x}, -1, 1.5)`),
      { text: `tf.elu(${x})` },
      { text: `tf.selu(${x})` },
    ]);
  },
  (s) => ({ text: `tf.${s.pick(SMOOTH)}(${s.float().name})` }),
  (s) => ({ text: `tf.${s.pick(POSITIVE)}(${positive(s.float())})` }),
  (s) => exact(`tf.${s.pick(['neg', 'abs', 'square'])}(${s.some('int32').name})`),
  (s) => {
    const x = s.float();
    const op = s.pick(['add', 'sub', 'mul', 'squaredDifference']);
    return exact(`tf.${op}(${operands(s, x, s.partner(x))})`);
  },
  (s) => {
    const x = s.float(undefined, true);
    return exact(`tf.${s.pick(['maximum', 'minimum'])}(${operands(s, x, s.partner(x, true))})`);
  },
  (s) => {
    const x = s.float();
    const y = s.partner(x);
    return s.pick([
      { text: `tf.div(${x.name}, ${positive(y)})` },
      { text: `tf.pow(${positive(x)}, tf.tanh(${y.name}))` },
      { text: `tf.pow(${x.name}, 2)`, exact: true },
    ]);
  },
  (s) => {
    const x = s.float(undefined, true);
    return x.shape.length === 0 ? undefined : exact(`tf.prelu(${x.name}, ${s.partner(x).name})`);
  },
  (s) => {
    const x = s.some('int32');
    const op = s.pick(['add', 'sub', 'mul', 'maximum', 'minimum', 'squaredDifference']);
    return exact(`tf.${op}(${operands(s, x, s.partner(x))})`);
  },
  (s) => {
    const x = s.chance(0.5) ? s.some('int32') : s.float(undefined, true);
    // The stock kernel makes int32 of floats.
    const op = s.pick(x.dtype === 'int32' ? ['floorDiv', 'mod'] : ['mod']);
    return exact(`tf.${op}(${x.name}, ${s.partner(x, true, 1, 4).name})`);
  },
  (s) => {
    const x = s.chance(0.3) ? s.some('int32') : s.float(undefined, true);
    const op = s.pick(['equal', 'notEqual', 'greater', 'greaterEqual', 'less', 'lessEqual']);
    return exact(`tf.${op}(${operands(s, x, s.partner(x, true))})`);
  },
  (s) => {
    const x = s.some('bool');
    if (s.chance(0.3)) return exact(`tf.logicalNot(${x.name})`);
    const op = s.pick(['logicalAnd', 'logicalOr', 'logicalXor']);
    return exact(`tf.${op}(${operands(s, x, s.partner(x))})`);
  },
  (s) => {
    const x = s.chance(0.6) ? s.float() : s.some('int32');
    const same = s.chance(0.5);
    const condition = s.input(same ? x.shape : s.partner(x).shape, 'bool');
    const other = same ? s.input(x.shape, x.dtype) : s.partner(x);
    return exact(`tf.where(${condition.name}, ${operands(s, x, other)})`);
  },
  (s) => {
    const x = s.find((e) => e.exact) ?? s.some();
    return exact(`tf.cast(${x.name}, '${s.pick(['float32', 'int32', 'bool'])}')`);
  },
  (s) => {
    const x = s.float();
    return exact(`tf.addN(${list([x, x, s.input(x.shape)].map((e) => e.name))})`);
  },
  (s) => exact(`tf.${s.pick(['zerosLike', 'onesLike', 'clone'])}(${s.some().name})`),
];

const operands = (s: Scope, a: Entry, b: Entry) =>
  s.chance(0.5) ? `${a.name}, ${b.name}` : `${b.name}, ${a.name}`;

const shuffled = (s: Scope, values: readonly number[]) =>
  values
    .map((value) => ({ value, key: s.next() }))
    .sort((a, b) => a.key - b.key)
    .map(({ value }) => value);

const shapes: Operation[] = [
  (s) => {
    const x = s.some();
    const split = x.shape.flatMap((n) => (n % 2 === 0 && s.chance(0.5) ? [2, n / 2] : [n]));
    return exact(`tf.reshape(${x.name}, ${list(s.chance(0.5) ? split : [-1])})`);
  },
  (s) => {
    const x = s.some(undefined, 2);
    const order = shuffled(s, [...x.shape.keys()]);
    return exact(`tf.transpose(${x.name}, ${list(order)})`);
  },
  (s) => {
    const x = s.some();
    const begin = x.shape.map((n) => s.integer(0, n - 1));
    const extent = x.shape.map((n, d) => s.pick([-1, s.integer(0, n - begin[d]!)]));
    return exact(`tf.slice(${x.name}, ${list(begin)}, ${list(extent)})`);
  },
  (s) => {
    const x = s.some();
    const begin = x.shape.map((n) => s.integer(-n, n - 1));
    const end = x.shape.map((n) => s.integer(-n, n));
    const strides = x.shape.map(() => s.pick([1, 2, 3, -1, -2]));
    return exact(`tf.stridedSlice(${x.name}, ${list(begin)}, ${list(end)}, ${list(strides)})`);
  },
  (s) => {
    const x = s.some();
    const axis = s.integer(0, x.shape.length - 1);
    const other = x.shape.map((n, d) => (d === axis ? s.integer(0, 4) : n));
    return exact(`tf.concat(${list([x.name, s.input(other, x.dtype).name, x.name])}, ${axis})`);
  },
  (s) => {
    const x = s.some();
    const axis = s.integer(0, x.shape.length);
    return exact(`tf.stack(${list([x.name, s.input(x.shape, x.dtype).name])}, ${axis})`);
  },
  (s) => {
    const x = s.some();
    const axis = s.integer(0, x.shape.length - 1);
    const n = x.shape[axis]!;
    if (n < 2 || n > 6) return undefined;
    const first = s.integer(1, n - 1);
    return s.pick([
      { ...exact(`tf.unstack(${x.name}, ${axis})`), count: n },
      { ...exact(`tf.split(${x.name}, ${list([first, n - first])}, ${axis})`), count: 2 },
    ]);
  },
  (s) => {
    const x = s.chance(0.7) ? s.some('float32') : s.some();
    const paddings = x.shape.map(() => list([s.integer(0, 2), s.integer(0, 3)]));
    return exact(`tf.pad(${x.name}, ${list(paddings)}, ${s.pick([0, 1])})`);
  },
  (s) => {
    const x = s.some('float32');
    const mode = s.pick(['reflect', 'symmetric']);
    const most = (n: number) => (mode === 'reflect' ? n - 1 : n);
    const paddings = x.shape.map((n) =>
      list([s.integer(0, Math.min(3, most(n))), s.integer(0, Math.min(3, most(n)))]),
    );
    return exact(`tf.mirrorPad(${x.name}, ${list(paddings)}, '${mode}')`);
  },
  (s) => {
    const x = s.some();
    return exact(`tf.tile(${x.name}, ${list(x.shape.map(() => s.integer(1, 3)))})`);
  },
  (s) => {
    const x = s.some();
    return exact(`tf.reverse(${x.name}, ${list(s.axes(x))})`);
  },
  (s) => {
    const x = s.some();
    return exact(`tf.expandDims(${x.name}, ${s.integer(0, x.shape.length)})`);
  },
  (s) => exact(`tf.squeeze(${s.some().name})`),
  (s) => {
    const x = s.some();
    const axis = s.integer(0, x.shape.length - 1);
    const at = s.input(s.shape(s.integer(1, 2), 5), 'int32', 0, x.shape[axis]! - 1);
    return exact(`tf.gather(${x.name}, ${at.name}, ${axis})`);
  },
  (s) => {
    const x = s.some();
    const at = s.input([s.integer(1, 6), 1], 'int32', 0, x.shape[0]! - 1);
    return exact(`tf.gatherND(${x.name}, ${at.name})`);
  },
  (s) => {
    const x = s.some('float32');
    const ids = s.input([x.shape[0]!], 'int32', 0, 3);
    return exact(`tf.unsortedSegmentSum(${x.name}, ${ids.name}, ${s.integer(3, 5)})`);
  },
  (s) => {
    const at = s.input(s.shape(s.integer(1, 2), 6), 'int32', -1, 4);
    return exact(`tf.oneHot(${at.name}, ${s.integer(1, 5)}, 2, -1)`);
  },
  (s) => {
    const x = s.some();
    const repeats = x.shape.map((n) => (n === 1 ? s.integer(1, 4) : n));
    return exact(`tf.broadcastTo(${x.name}, ${list([s.integer(1, 3), ...repeats])})`);
  },
];

const reductions: Operation[] = [
  (s) => {
    const x = s.chance(0.7) ? s.float() : s.some();
    return exact(`tf.sum(${x.name}, ${list(s.axes(x))}, ${s.chance(0.5)})`);
  },
  (s) => {
    const x = s.float();
    if (size(x.shape) === 0) return undefined;
    const op = s.pick(['mean', 'logSumExp']);
    return { text: `tf.${op}(${x.name}, ${list(s.axes(x))}, ${s.chance(0.5)})` };
  },
  (s) => {
    const x = s.chance(0.7) ? s.float(undefined, true) : s.some('int32');
    if (size(x.shape) === 0) return undefined;
    // Long products overflow or not, depending on their order.
    const op = s.pick(size(x.shape) <= 12 ? ['max', 'min', 'prod'] : ['max', 'min']);
    return exact(`tf.${op}(${x.name}, ${list(s.axes(x))}, ${s.chance(0.5)})`);
  },
  (s) => {
    const x = s.some('bool');
    // All of nothing is false to the stock kernel.
    if (size(x.shape) === 0) return undefined;
    return exact(`tf.${s.pick(['any', 'all'])}(${x.name}, ${list(s.axes(x))}, ${s.chance(0.5)})`);
  },
  (s) => {
    const x = s.find((e) => e.exact && e.dtype !== 'bool' && e.shape.length > 0);
    if (x === undefined || size(x.shape) === 0) return undefined;
    const op = s.pick(['argMax', 'argMin']);
    return exact(`tf.${op}(${x.name}, ${s.integer(0, x.shape.length - 1)})`);
  },
  (s) => {
    const x = s.chance(0.7) ? s.some('float32') : s.some('int32');
    const axis = s.integer(0, x.shape.length - 1);
    const op = s.pick(['cumsum', 'cumsum', 'cumprod']);
    return exact(`tf.${op}(${x.name}, ${axis}, ${s.chance(0.5)}, ${s.chance(0.5)})`);
  },
  (s) => ({ text: `tf.${s.pick(['softmax', 'logSoftmax'])}(${s.some('float32').name})` }),
  (s) => {
    const x = s.find((e) => e.exact && e.dtype === 'float32' && e.shape.length > 0);
    const last = x?.shape[x.shape.length - 1];
    if (x === undefined || !last) return undefined;
    return exact(`tf.topk(${x.name}, ${s.integer(1, last)}).values`);
  },
];

const products: Operation[] = [
  (s) => {
    const x = s.some('float32', 2);
    const [rows, columns] = x.shape.slice(-2) as [number, number];
    const [ta, tb] = [s.chance(0.4), s.chance(0.4)];
    const n = s.pick([1, 3, 8, 17]);
    const depth = ta ? rows : columns;
    const batch = s.chance(0.5) ? x.shape.slice(0, -2) : [];
    const y = s.input([...batch, ...(tb ? [n, depth] : [depth, n])]);
    if (s.chance(0.6)) return exact(`tf.matMul(${x.name}, ${y.name}, ${ta}, ${tb})`);
    const bias = s.chance(0.7) ? `, bias: ${s.input([n]).name}` : '';
    const settings = `transposeA: ${ta}, transposeB: ${tb}${bias}`;
    return exact(`tf.fused.matMul({ a: ${x.name}, b: ${y.name}, ${settings} })`);
  },
  (s) => {
    const x = s.float(2);
    const [n, m] = x.shape as [number, number];
    const names = (rule: string, other: readonly number[]) =>
      exact(`tf.einsum('${rule}', ${x.name}, ${s.input(other).name})`);
    return s.pick([
      () => names('ij,jk->ik', [m, 5]),
      () => names('ij,ij->i', [n, m]),
      () => names('ij,kj->ki', [3, m]),
      () => names('ij,bjk->bik', [2, m, 4]),
      () => names('ij,i->j', [n]),
    ])();
  },
];

/** A picture with few enough pixels for the stock convolutions. */
function picture(s: Scope, channels?: number): Entry {
  const fits = (e: Entry) =>
    e.dtype === 'float32' && e.shape.length === 4 && size(e.shape) > 0 && size(e.shape) <= 3000;
  const found = channels === undefined && s.chance(0.7) ? s.find(fits) : undefined;
  const extent = () => s.integer(1, 9);
  return (
    found ??
    s.input([s.integer(1, 3), extent(), extent(), channels ?? s.pick([1, 2, 3, 4, 8, 12, 17])])
  );
}

const fit = (s: Scope, x: Entry, most = 4) => [
  s.integer(1, Math.min(most, x.shape[1]!)),
  s.integer(1, Math.min(most, x.shape[2]!)),
];
const padding = (s: Scope) => s.pick(["'same'", "'valid'"]);

const images: Operation[] = [
  (s) => {
    const x = picture(s);
    const [h, w] = fit(s, x);
    const filter = s.input([h!, w!, x.shape[3]!, s.pick([1, 2, 4, 5, 8, 16, 19])]);
    if (s.chance(0.2)) {
      const call = `tf.conv2d(${x.name}, ${filter.name}, 1, ${padding(s)}`;
      return {
        ...exact(`${call}, 'NHWC', ${list([s.integer(1, 2), s.integer(1, 3)])})`),
        noGradient: true,
      };
    }
    const strides = list([s.integer(1, 3), s.integer(1, 3)]);
    if (s.chance(0.6))
      return exact(`tf.conv2d(${x.name}, ${filter.name}, ${strides}, ${padding(s)})`);
    const bias = s.input([filter.shape[3]!]).name;
    const activation = x.exact ? s.pick(['linear', 'relu', 'leakyrelu']) : 'linear';
    return exact(
      `tf.fused.conv2d({ x: ${x.name}, filter: ${filter.name}, strides: ${strides}, pad: ${padding(s)}, ` +
        `bias: ${bias}, activation: '${activation}', leakyreluAlpha: 0.25 })`,
    );
  },
  (s) => {
    const x = picture(s);
    const [batch, height, width, channels] = x.shape as [number, number, number, number];
    const stride = s.integer(1, 3);
    const filter = s.input([s.integer(1, 4), s.integer(1, 4), s.pick([1, 3, 4, 8, 11]), channels]);
    const shape = list([batch, height * stride, width * stride, filter.shape[2]!]);
    return exact(`tf.conv2dTranspose(${x.name}, ${filter.name}, ${shape}, ${stride}, 'same')`);
  },
  (s) => {
    const x = picture(s);
    const [h, w] = fit(s, x);
    const filter = s.input([h!, w!, x.shape[3]!, s.integer(1, 3)]);
    const settings = `${s.integer(1, 2)}, ${padding(s)}`;
    return exact(`tf.depthwiseConv2d(${x.name}, ${filter.name}, ${settings})`);
  },
  (s) => {
    const x = picture(s);
    if (!x.exact) return undefined;
    return exact(`tf.maxPool(${x.name}, ${list(fit(s, x))}, ${s.integer(1, 3)}, ${padding(s)})`);
  },
  (s) => {
    const x = picture(s);
    const pad = padding(s);
    const text = `tf.avgPool(${x.name}, ${list(fit(s, x))}, ${s.integer(1, 3)}, ${pad})`;
    return { text, noGradient: pad === "'same'" };
  },
  (s) => {
    const x = picture(s);
    const to = list([s.integer(1, 12), s.integer(1, 12)]);
    const [align, half] = s.pick([
      [false, false],
      [true, false],
      [false, true],
    ]) as [boolean, boolean];
    if (s.chance(0.6)) {
      return {
        text: `tf.image.resizeBilinear(${x.name}, ${to}, ${align}, ${half})`,
        noGradient: half,
      };
    }
    const text = `tf.image.resizeNearestNeighbor(${x.name}, ${to}, ${align}, ${half})`;
    // The stock gradient is for one picture, and never ends if that has one row or column.
    const endless = align && (x.shape[1] === 1 || x.shape[2] === 1);
    return { text, exact: true, noGradient: half || endless || x.shape[0]! > 1 };
  },
  (s) => {
    const x = picture(s, s.pick([4, 8, 12]));
    return exact(`tf.depthToSpace(${x.name}, 2)`);
  },
  (s) => {
    const x = picture(s);
    const of = () => s.input([x.shape[3]!]).name;
    return {
      text: `tf.batchNorm(${x.name}, ${of()}, tf.add(tf.square(${of()}), 0.5), ${of()}, ${of()}, 0.001)`,
    };
  },
  (s) => ({ text: `tf.localResponseNormalization(${picture(s).name}, 2)` }),
  (s) => {
    const x = picture(s);
    const moments = `tf.moments(${x.name}, [0, 1, 2])`;
    return {
      text: `tf.tidy(() => { const { mean, variance } = ${moments}; return tf.add(mean, variance); })`,
    };
  },
];

export const operations: readonly (readonly Operation[])[] = [
  elementwise,
  elementwise,
  shapes,
  reductions,
  products,
  images,
];
