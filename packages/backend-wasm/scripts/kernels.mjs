// Lists which kernels of TensorFlow.js run in WebAssembly and which as stock JavaScript.
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createViteServer } from 'vitest/node';

/** They pass on the memory they are given, whatever its size. */
const FREE = new Set(['ExpandDims', 'Identity', 'Reshape']);

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const server = await createViteServer({
  root,
  configFile: false,
  logLevel: 'error',
  optimizeDeps: { noDiscovery: true },
  server: { middlewareMode: true, watch: null },
});
const { javascriptKernelNames, wasmKernelNames } = await server.ssrLoadModule('/src/index.ts');
const wasm = wasmKernelNames();
const javascript = javascriptKernelNames();
const slow = javascript.filter((name) => !FREE.has(name));

function list(title, names) {
  console.log(`${title} (${names.length}):`);
  let line = ' ';
  for (const name of names) {
    if (line.length + name.length > 98) {
      console.log(line);
      line = ' ';
    }
    line += ` ${name}`;
  }
  console.log(`${line}\n`);
}

list('WebAssembly', wasm);
list('No work', [...FREE]);
list('JavaScript', slow);
await server.close();
