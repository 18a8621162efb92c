import { joinedBytes } from './joined-bytes';
import { LeaseHeldError, StoreError } from './store-error';
import { partsOf } from './store-name';
import type { Store } from './store';

interface Memory {
  /** The pieces of each value: joined when it is read, so that many may be added. */
  readonly values: Map<string, Uint8Array<ArrayBuffer>[]>;
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
  const below = (key: string) => [...values.keys()].filter((other) => other.startsWith(`${key}/`));

  /** The value of a name as one piece, which nobody else may change. */
  const whole = (name: string) => {
    const pieces = values.get(keyOf(name));
    if (!pieces) return undefined;
    if (pieces.length !== 1) pieces.splice(0, pieces.length, joinedBytes(pieces));
    return pieces[0];
  };
  const set = (name: string, ...pieces: Uint8Array<ArrayBuffer>[]) => {
    const key = keyOf(name);
    const isBelowValue = [...values.keys()].some((other) => key.startsWith(`${other}/`));
    if (isBelowValue || below(key).length > 0) {
      const reason = isBelowValue ? 'a name above it holds bytes' : 'there are names below it';
      throw new StoreError(reason, { place: placeOf(name), doing: 'writing' });
    }
    values.set(key, pieces);
  };

  return {
    describe: (name) => (name === undefined ? called : placeOf(name)),
    get: async (name) => {
      const found = whole(name);
      return found && new Uint8Array(found);
    },
    size: async (name) => whole(name)?.length,
    put: async (name, bytes) => set(name, new Uint8Array(bytes)),
    append: async (name, piece) => {
      const pieces = values.get(keyOf(name));
      if (pieces) pieces.push(new Uint8Array(piece));
      else set(name, new Uint8Array(piece));
    },
    truncate: async (name, size) => {
      const found = whole(name);
      if (found && found.length > size) set(name, found.slice(0, size));
    },
    list: async (above) => {
      const start = above === undefined ? prefix : `${keyOf(above)}/`;
      const names = [...values.keys()].filter((key) => key.startsWith(start));
      return [...new Set(names.map((key) => key.slice(start.length).split('/')[0]!))].sort();
    },
    remove: async (name) => {
      const key = keyOf(name);
      for (const gone of [key, ...below(key)]) values.delete(gone);
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
