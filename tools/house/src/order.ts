/**
 * The packages from the ground up: each may know only those above it in this list. Groups are ground, parts,
 * running and people; `docs/architecture.md` shows them as a house.
 */
export const order: readonly string[] = [
  'kernels',
  'core',
  'backend-wasm',
  'backends',
  'gradients',
  'storage',
  'images',
  'testing',
  'losses',
  'models',
  'augmentation',
  'optimizers',
  'conditional',
  'games',
  'datasets',
  'metrics',
  'training',
  'runs',
  'report',
  'recipes',
  'cli',
  'ganloom',
];

/** Private tools that tests of any package may use. */
export const tools: readonly string[] = ['config', 'test-tools', 'tiny-gan'];
