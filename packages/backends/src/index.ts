export type { BackendOptions } from './lib/backend';
export { backendTable } from './lib/backend-table';
export { describeBackends, type NamedDescription } from './lib/describe-backends';
export type { BackendDescription } from './lib/describe/backend-description';
export {
  backendNames,
  startedBackend,
  useBackend,
  type BackendName,
  type BackendReport,
} from './lib/use-backend';
