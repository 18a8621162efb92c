/** A cache of things with a number of bytes. */
export interface ByteCache<K, V> {
  get(key: K): V | undefined;
  /** Keeps the value, unless it alone is too large, in the place of the least recently used ones. */
  set(key: K, value: V, bytes: number): void;
  readonly bytes: number;
}

/** Keeps at most so many bytes; the least recently used go first. */
export function byteCache<K, V>(maxBytes: number): ByteCache<K, V> {
  // A Map lists its keys in the order of insertion, so the first one is the least recently used.
  const entries = new Map<K, { readonly value: V; readonly bytes: number }>();
  let total = 0;
  return {
    get bytes() {
      return total;
    },
    get(key) {
      const found = entries.get(key);
      if (!found) return undefined;
      entries.delete(key);
      entries.set(key, found);
      return found.value;
    },
    set(key, value, bytes) {
      total -= entries.get(key)?.bytes ?? 0;
      entries.delete(key);
      if (bytes > maxBytes) return;
      entries.set(key, { value, bytes });
      total += bytes;
      for (const [oldest, entry] of entries) {
        if (total <= maxBytes) return;
        entries.delete(oldest);
        total -= entry.bytes;
      }
    },
  };
}
