import { reasonOf } from './backend';
import { type LoadFailure, unavailableError, whyNotLoaded } from './unavailable';

/**
 * Imports an optional peer dependency.
 *
 * @throws GanloomError that says whether it is missing or broken, and what to do.
 */
export async function importOptional<T>(
  name: string,
  load: () => Promise<T>,
  remedy?: string,
): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const { code } = (error ?? {}) as LoadFailure;
    const why = whyNotLoaded(name, { code, message: reasonOf(error) }, [name], remedy);
    throw unavailableError(why, remedy === why.remedy ? undefined : 'choose the wasm backend');
  }
}
