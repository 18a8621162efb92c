import type { Store } from '../store';
import { getText } from '../store-text';

export const bytesOf = (text: string) => new TextEncoder().encode(text);

/** All that a store holds, as texts by names. */
export async function contentOf(store: Store): Promise<Record<string, string>> {
  const content: Record<string, string> = {};
  for (const part of await store.list()) {
    const text = await getText(store, part);
    if (text !== undefined) content[part] = text;
    else {
      const below = Object.entries(await contentOf(store.within(part)));
      for (const [name, one] of below) content[`${part}/${name}`] = one;
    }
  }
  return content;
}
