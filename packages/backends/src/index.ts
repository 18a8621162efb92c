export type { BackendOptions } from './lib/backend';
export { backendNames, useBackend, type BackendName, type BackendReport } from './lib/use-backend';
