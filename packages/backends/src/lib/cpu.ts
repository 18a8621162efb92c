import { select, type StartBackend } from './backend';

/** Plain JavaScript: for tests and tiny networks. */
export const startCpu: StartBackend = async ({ onWarning = console.warn }) => {
  onWarning(
    'the cpu backend is plain JavaScript: it trains about a thousand times slower than wasm',
  );
  await select('cpu', 'choose the wasm backend');
  return { tfjsName: 'cpu', device: 'JavaScript', threads: 1 };
};
