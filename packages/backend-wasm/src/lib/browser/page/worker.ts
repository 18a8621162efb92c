import type { WasmOptions } from '@ganloom/backend-wasm';
import { program } from '../program';

self.onmessage = ({ data }: MessageEvent<WasmOptions>) =>
  void program(data).then(
    (outcome) => self.postMessage(outcome),
    (error: unknown) => self.postMessage(String(error)),
  );
