/**
 * The packages from the ground up: each may know only those before it in this list. The groups are those of
 * the house in `docs/architecture.md`, which is drawn with the ground at the bottom.
 */
export const order: readonly string[] = [
  // Ground
  'kernels',
  'core',
  'backend-wasm',
  'backends',
  'gradients',
  'storage',
  'images',
  'testing',
  // Parts
  'losses',
  'models',
  'augmentation',
  'optimizers',
  'conditional',
  'games',
  'datasets',
  'metrics',
  // Running
  'training',
  'runs',
  'report',
  // People
  'recipes',
  'cli',
  'ganloom',
];

/** Private tools that tests of any package may use. */
export const tools: readonly string[] = ['config', 'test-tools', 'tiny-gan'];
