/** The functions of assembly/index.ts. Addresses and counts are numbers of bytes and elements. */
export interface WasmExports {
  setScratch(address: number): void;
  scratchBytes(): number;
  readyWorkers(): number;
  setMayWait(value: boolean): void;
  workerFailed(): void;
  stopWorkers(): void;
  dimsAddress(): number;

  packedBytes(depth: number, columns: number): number;
  packB(
    dst: number,
    src: number,
    depth: number,
    columns: number,
    depthStride: number,
    columnStride: number,
  ): void;
  matMulRows(
    a: number,
    b: number,
    c: number,
    bias: number,
    m: number,
    k: number,
    n: number,
    lda: number,
    activation: number,
    alpha: number,
    count: number,
  ): void;
  /** Whether products with so many rows, and convolutions with so many pixels, take B or the filter unpacked. */
  takesPlain(rows: number): boolean;
  matMulFewRows(
    a: number,
    b: number,
    c: number,
    bias: number,
    m: number,
    k: number,
    n: number,
    lda: number,
    activation: number,
    alpha: number,
    depthStride: number,
    columnStride: number,
  ): void;
  matMulColumns(
    a: number,
    b: number,
    c: number,
    m: number,
    k: number,
    n: number,
    lda: number,
    count: number,
    onto: boolean,
  ): void;

  convGeometry(
    batch: number,
    bigH: number,
    bigW: number,
    bigC: number,
    smallH: number,
    smallW: number,
    smallC: number,
    kernelH: number,
    kernelW: number,
    strideH: number,
    strideW: number,
    top: number,
    left: number,
    dilationH: number,
    dilationW: number,
  ): void;
  convForward(
    x: number,
    b: number,
    y: number,
    bias: number,
    activation: number,
    alpha: number,
  ): void;
  packTransposedFilter(filter: number, dst: number): void;
  convBackwardInput(
    dy: number,
    packed: number,
    dx: number,
    bias: number,
    activation: number,
    alpha: number,
  ): void;
  convBackwardFilter(x: number, b: number, dw: number): void;
  im2col(x: number, columns: number): void;
  col2im(columns: number, dx: number, bias: number): void;

  winogradPlane(
    height: number,
    width: number,
    channels: number,
    stride: number,
    top: number,
    left: number,
    tilesH: number,
    tilesW: number,
    size: number,
    firstTile: number,
    tiles: number,
  ): void;
  winogradTaps(
    taps: number,
    start: number,
    down: number,
    across: number,
    rows: number,
    columns: number,
  ): void;
  winogradInput(x: number, matrices: number, depth: number, column: number): void;
  winogradGradient(dy: number, packed: number): void;
  winogradOutput(
    products: number,
    y: number,
    bias: number,
    activation: number,
    alpha: number,
  ): void;
  winogradFilter(
    packed: number,
    matrices: number,
    panelBytes: number,
    depth: number,
    rows: number,
    row: number,
    columns: number,
  ): void;
  winogradFilterGradient(
    products: number,
    dw: number,
    inputs: number,
    rows: number,
    row: number,
    outputs: number,
  ): void;

  unaryOp(op: number, x: number, y: number, n: number, p: number, q: number): void;
  binaryOp(
    op: number,
    a: number,
    b: number,
    y: number,
    outer: number,
    inner: number,
    rank: number,
    aStride: number,
    bStride: number,
  ): void;
  selectOp(mask: number, a: number, b: number, y: number, n: number): void;
  castOp(x: number, y: number, n: number, kind: number): void;
  logicalOp(op: number, a: number, b: number, y: number, n: number): void;
  fillFloat(y: number, n: number, value: number): void;
  fillWords(y: number, n: number, bits: number): void;
  stridedCopy(from: number, to: number, rank: number): void;
  reduceChunks(reduce: number, inner: number): number;
  reduceOp(
    op: number,
    x: number,
    partial: number,
    y: number,
    outer: number,
    reduce: number,
    inner: number,
    scale: number,
  ): void;
  extremumGrad(
    x: number,
    y: number,
    dy: number,
    dx: number,
    outer: number,
    reduce: number,
    inner: number,
  ): void;

  depthwiseForward(x: number, filter: number, y: number, bias: number): void;
  depthwiseBackwardInput(dy: number, filter: number, dx: number): void;
  depthwiseBackwardFilter(x: number, dy: number, dw: number): void;

  maxPool(x: number, y: number): void;
  avgPool(x: number, y: number): void;
  maxPoolGrad(x: number, dy: number, dx: number): void;
  avgPoolGrad(dy: number, dx: number): void;

  resizeNearest(
    x: number,
    y: number,
    batch: number,
    h: number,
    w: number,
    channels: number,
    newH: number,
    newW: number,
    flags: number,
  ): void;
  resizeBilinear(
    x: number,
    y: number,
    batch: number,
    h: number,
    w: number,
    channels: number,
    newH: number,
    newW: number,
    flags: number,
  ): void;
  resizeNearestGrad(
    dy: number,
    dx: number,
    batch: number,
    h: number,
    w: number,
    channels: number,
    newH: number,
    newW: number,
    flags: number,
  ): void;
  resizeBilinearGrad(
    dy: number,
    dx: number,
    batch: number,
    h: number,
    w: number,
    channels: number,
    newH: number,
    newW: number,
    flags: number,
  ): void;

  gather(
    x: number,
    indices: number,
    y: number,
    batch: number,
    outer: number,
    count: number,
    size: number,
    width: number,
  ): void;
  segmentSum(
    x: number,
    ids: number,
    y: number,
    rows: number,
    width: number,
    segments: number,
  ): void;
  softmax(x: number, y: number, rows: number, n: number): void;
  scan(
    x: number,
    y: number,
    outer: number,
    length: number,
    inner: number,
    exclusive: boolean,
    reverse: boolean,
    product: boolean,
  ): void;
  argReduce(
    x: number,
    y: number,
    outer: number,
    length: number,
    inner: number,
    smallest: boolean,
  ): void;

  batchNormWorkspace(rows: number, channels: number): number;
  batchNormForward(
    x: number,
    gamma: number,
    beta: number,
    y: number,
    mean: number,
    variance: number,
    work: number,
    rows: number,
    channels: number,
    epsilon: number,
  ): void;
  batchNormBackward(
    x: number,
    dy: number,
    gamma: number,
    mean: number,
    variance: number,
    dx: number,
    dgamma: number,
    dbeta: number,
    work: number,
    rows: number,
    channels: number,
    epsilon: number,
  ): void;
  channelAffine(
    x: number,
    y: number,
    rows: number,
    channels: number,
    scale: number,
    shift: number,
  ): void;

  randomNormal(
    y: number,
    n: number,
    positionLow: number,
    positionHigh: number,
    key0: number,
    key1: number,
    mean: number,
    stddev: number,
  ): void;
  adamStep(
    p: number,
    m: number,
    v: number,
    g: number,
    n: number,
    rate1: number,
    rate2: number,
    epsilon: number,
    stepSize: number,
    inverseSqrtBias2: number,
    shrinkage: number,
  ): void;
  rmsPropStep(
    p: number,
    v: number,
    g: number,
    n: number,
    learningRate: number,
    rate: number,
    epsilon: number,
  ): void;
  lionStep(
    p: number,
    m: number,
    g: number,
    n: number,
    learningRate: number,
    kept1: number,
    new1: number,
    kept2: number,
    new2: number,
    shrinkage: number,
  ): void;
  sgdStep(
    p: number,
    b: number,
    g: number,
    n: number,
    learningRate: number,
    momentum: number,
    nesterov: boolean,
  ): void;
  lerpStep(target: number, source: number, n: number, amount: number): void;
}
