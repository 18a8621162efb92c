import { startedBackend, useBackend } from '@ganloom/backends';

/** Starts a backend: without a name none if one was started before, so that what lives there stays. */
export async function startBackend(name: string | undefined): Promise<void> {
  if (name === undefined && startedBackend()) return;
  await useBackend(name);
}
