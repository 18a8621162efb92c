import { select, type StartBackend } from './backend';
import { repairWebgl } from './repair-webgl';
import { type Unavailable, unavailableError } from './unavailable';

/** The GPU through WebGL: in browsers only. */
export const startWebgl: StartBackend = async () => {
  if (typeof document === 'undefined' && typeof OffscreenCanvas === 'undefined') {
    throw unavailableError(webglOnlyInPages);
  }
  repairWebgl();
  await select('webgl', 'turn on hardware acceleration, or choose the wasm backend');
  return { tfjsName: 'webgl', device: 'WebGL' };
};

export const webglOnlyInPages: Unavailable = {
  missing: 'webgl works in browsers only',
  remedy: 'choose the wasm or webgpu backend here',
};
