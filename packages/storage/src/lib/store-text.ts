import type { ReadableStore, Store } from './store';

/** The text that a name holds, of UTF-8; undefined if there is none. */
export async function getText(store: ReadableStore, name: string): Promise<string | undefined> {
  const bytes = await store.get(name);
  return bytes && new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

/** Puts a text as UTF-8. */
export function putText(store: Store, name: string, text: string): Promise<void> {
  return store.put(name, new TextEncoder().encode(text));
}

/** Puts a value as indented JSON. */
export function putJson(store: Store, name: string, value: unknown): Promise<void> {
  return putText(store, name, indentedJson(value));
}

/** A value as indented JSON, and the end of a line. */
export function indentedJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
