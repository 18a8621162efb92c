/** Numbers of the operations in assembly/elementwise.ts. */
export const UNARY = {
  Abs: 0,
  Neg: 1,
  Square: 2,
  Sqrt: 3,
  Rsqrt: 4,
  Reciprocal: 5,
  Exp: 6,
  Expm1: 7,
  Log: 8,
  Log1p: 9,
  Tanh: 10,
  Sigmoid: 11,
  Softplus: 12,
  Relu: 13,
  Relu6: 14,
  Elu: 15,
  Selu: 16,
  LeakyRelu: 17,
  Step: 18,
  Sign: 19,
  Floor: 20,
  Ceil: 21,
  ClipByValue: 22,
  Round: 23,
  Sin: 24,
  Cos: 25,
  Erf: 26,
} as const;

export const BINARY = {
  Add: 0,
  Sub: 1,
  Multiply: 2,
  RealDiv: 3,
  Maximum: 4,
  Minimum: 5,
  SquaredDifference: 6,
  EluGrad: 7,
  Prelu: 8,
  Pow: 9,
  FloorDiv: 10,
} as const;

export const COMPARISON = {
  Equal: 16,
  NotEqual: 17,
  Greater: 18,
  GreaterEqual: 19,
  Less: 20,
  LessEqual: 21,
} as const;

/** Comparisons of int32 have the numbers of those of float32 and this. */
export const INT32_COMPARISON = 8;

/** Tests that look at the first operand alone; x is NaN where it differs from itself. */
export const NUMBER_TEST = { IsNan: COMPARISON.NotEqual, IsFinite: 22, IsInf: 23 } as const;

export const LOGICAL = { LogicalAnd: 0, LogicalOr: 1, LogicalNot: 2 } as const;

/** Numbers of the casts in assembly/elementwise.ts, from one dtype to another. */
export const CAST: Partial<Record<string, Partial<Record<string, number>>>> = {
  float32: { int32: 0, bool: 1 },
  int32: { float32: 2, bool: 3 },
  bool: { float32: 4, int32: 5 },
};

/** Numbers of the reductions in assembly/reduce.ts. */
export const REDUCTION = { Sum: 0, Max: 1, Min: 2, Product: 3 } as const;
