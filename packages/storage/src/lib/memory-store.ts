import { LeaseHeldError, StoreError } from './store-error';
import { partsOf } from './store-name';
import type { Store } from './store';

interface Memory {
  readonly values: Map<string, Uint8Array>;
  /** Since when each lease is held. */
  readonly leases: Map<string, string>;
}

/**
 * A store in memory: gone with the program.
 *
 * @param name what to call it in messages; default `memory`
 */
export function memoryStore(name = 'memory'): Store {
  return storeBelow({ values: new Map(), leases: new Map() }, '', name);
}

/** @param prefix empty, or ends in a slash */
function storeBelow(memory: Memory, prefix: string, called: string): Store {
  const { values, leases } = memory;
  const keyOf = (name: string) => prefix + partsOf(name).join('/');
  const placeOf = (name: string) => `${called}/${partsOf(name).join('/')}`;
  const below = (key: string) => [...values.keys()].filter((one) => one.startsWith(`${key}/`));

  const set = (name: string, bytes: Uint8Array) => {
    const key = keyOf(name);
    const isBelowValue = [...values.keys()].some((one) => key.startsWith(`${one}/`));
    if (isBelowValue || below(key).length > 0) {
      const reason = isBelowValue ? 'a name above it holds bytes' : 'there are names below it';
      throw new StoreError(reason, { place: placeOf(name), doing: 'writing' });
    }
    values.set(key, bytes);
  };

  return {
    describe: (name) => (name === undefined ? called : placeOf(name)),
    get: async (name) => {
      const found = values.get(keyOf(name));
      return found && new Uint8Array(found);
    },
    size: async (name) => values.get(keyOf(name))?.length,
    put: async (name, bytes) => set(name, new Uint8Array(bytes)),
    append: async (name, piece) => {
      const before = values.get(keyOf(name)) ?? new Uint8Array(0);
      const bytes = new Uint8Array(before.length + piece.length);
      bytes.set(before);
      bytes.set(piece, before.length);
      set(name, bytes);
    },
    truncate: async (name, size) => {
      const found = values.get(keyOf(name));
      if (found && found.length > size) values.set(keyOf(name), found.slice(0, size));
    },
    list: async (above) => {
      const start = above === undefined ? prefix : `${keyOf(above)}/`;
      const names = [...values.keys()].filter((key) => key.startsWith(start));
      return [...new Set(names.map((key) => key.slice(start.length).split('/')[0]!))].sort();
    },
    remove: async (name) => {
      const key = keyOf(name);
      for (const one of [key, ...below(key)]) values.delete(one);
    },
    lease: async (name) => {
      const key = keyOf(name);
      const held = leases.get(key);
      if (held !== undefined) throw new LeaseHeldError(placeOf(name), 'this program', held);
      leases.set(key, new Date().toISOString());
      let isMine = true;
      return {
        isHeld: async () => isMine,
        release: async () => {
          if (isMine) leases.delete(key);
          isMine = false;
        },
      };
    },
    within: (name) => storeBelow(memory, `${keyOf(name)}/`, placeOf(name)),
  };
}
