export type { BackendOptions } from './lib/backend';
export {
  backendNames,
  startedBackend,
  useBackend,
  type BackendName,
  type BackendReport,
} from './lib/use-backend';
