import { GanloomError } from '@ganloom/core';
import { select, type StartBackend } from './backend';
import { repairWebgl } from './repair-webgl';

/** The GPU through WebGL: in browsers only. */
export const startWebgl: StartBackend = async () => {
  if (typeof document === 'undefined' && typeof OffscreenCanvas === 'undefined') {
    throw new GanloomError(
      'useBackend: webgl works in browsers only; choose the wasm or webgpu backend here',
    );
  }
  repairWebgl();
  await select('webgl', 'turn on hardware acceleration, or choose the wasm backend');
  return { tfjsName: 'webgl', device: 'WebGL' };
};
