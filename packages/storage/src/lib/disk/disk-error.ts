import { StoreError, type StoreErrorOptions } from '../store-error';

/** The system's error as one of a store. */
export function diskError(error: unknown, place: string, doing: StoreErrorOptions['doing']) {
  const { message, code } = error as NodeJS.ErrnoException;
  const isDenied = code === 'EACCES' || code === 'EPERM';
  return new StoreError(message, { place, doing, isDenied, cause: error });
}

/** Whether an error says that there is no such file or folder. */
export function isAbsent(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
}
