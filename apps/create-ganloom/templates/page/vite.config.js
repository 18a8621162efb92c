// With these headers the page is cross-origin isolated, and the backend has threads.
const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

export default { server: { headers }, preview: { headers }, worker: { format: 'es' } };
