import type { Dataset, RandomStream } from '@ganloom/core';
import type { DataNeed } from './data-need';
import { labeled } from './data-parts';
import type { Host } from './host';

/** Opens or makes the data that a recipe needs; those that must have classes have names for them. */
export async function openNeed(
  need: DataNeed,
  host: Pick<Host, 'open'>,
  random: RandomStream,
): Promise<Dataset> {
  if (need.kind === 'made') return need.make(random);
  const opened = await host.open(need);
  if (need.kind !== 'pictures') return opened;
  return need.classes ? labeled(opened) : opened;
}
