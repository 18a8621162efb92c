import {
  type BackendDescription,
  isSoftware,
  notAvailable,
  SOFTWARE_NOTE,
} from './backend-description';
import { webglOnlyInPages } from '../webgl';

/** WebGL of this browser, by a context of its own that is given back. */
export function describeWebgl(): BackendDescription {
  const canvas = newCanvas();
  if (!canvas) return notAvailable(webglOnlyInPages);
  // TensorFlow.js asks for it so, and gets none where a program would play the GPU badly.
  const attributes = { failIfMajorPerformanceCaveat: true };
  const context = (canvas.getContext('webgl2', attributes) ??
    canvas.getContext('webgl', attributes)) as WebGLRenderingContext | null;
  if (!context) {
    return notAvailable({
      missing: 'this browser has no WebGL here, or a slow one only',
      remedy: 'turn on hardware acceleration',
    });
  }
  const names = context.getExtension('WEBGL_debug_renderer_info');
  const device = String(
    context.getParameter(names ? names.UNMASKED_RENDERER_WEBGL : context.RENDERER),
  );
  // What a shader computes is written into such a texture.
  const isExact =
    context.getExtension('EXT_color_buffer_float') !== null ||
    context.getExtension('WEBGL_color_buffer_float') !== null;
  context.getExtension('WEBGL_lose_context')?.loseContext();
  if (!isExact) {
    const note = 'this GPU writes 16 bits of each number, of which training needs 32';
    return { isAvailable: true, device, trains: false, note };
  }
  const note = isSoftware(device) ? { note: SOFTWARE_NOTE } : {};
  return { isAvailable: true, device, trains: true, ...note };
}

function newCanvas(): HTMLCanvasElement | OffscreenCanvas | undefined {
  if (typeof OffscreenCanvas !== 'undefined') return new OffscreenCanvas(1, 1);
  return typeof document === 'undefined' ? undefined : document.createElement('canvas');
}
