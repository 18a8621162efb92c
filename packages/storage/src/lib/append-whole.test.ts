import { GanloomError } from '@ganloom/core';
import { expect, it } from 'vitest';
import { appendWhole } from './append-whole';
import { memoryStore } from './memory-store';
import { StoreError } from './store-error';
import type { Store } from './store';
import { getText } from './store-text';

/** A store that says no to the appends of these numbers, from 1. */
function refusing(...numbers: number[]): Store {
  const store = memoryStore();
  let calls = 0;
  return {
    ...store,
    append: async (name, piece) => {
      if (numbers.includes(++calls)) {
        throw new StoreError('the disk is full', { place: store.describe(name), doing: 'writing' });
      }
      await store.append(name, piece);
    },
  };
}

it('writes what was refused with the next piece', async () => {
  const store = refusing(2, 3);
  const lines = appendWhole(store, 'a');
  await lines.append('1\n');
  for (const line of ['2\n', '3\n']) {
    const refused = lines.append(line);
    await expect(refused).rejects.toBeInstanceOf(GanloomError);
    await expect(refused).rejects.toThrow(
      'memory/a could not be written: the disk is full; ' +
        'what belongs there is kept, and written when the disk has room',
    );
  }
  expect(await getText(store, 'a')).toBe('1\n');
  await lines.append(Uint8Array.of(0x34, 0x0a));
  expect(await getText(store, 'a')).toBe('1\n2\n3\n4\n');
});

it('tries once more at the end, and says what is lost', async () => {
  const store = refusing(1, 2, 3);
  const lines = appendWhole(store, 'a');
  for (const line of ['1', '2']) await expect(lines.append(line)).rejects.toThrow('is kept');
  await expect(lines.finish()).rejects.toThrow(
    'memory/a could not be written: the disk is full; its last 2 entries are lost',
  );
  await lines.finish();
  await lines.finish();
  expect(await getText(store, 'a')).toBe('12');
});

it('keeps a piece as it was when it was given', async () => {
  const store = refusing(1);
  const piece = Uint8Array.of(0x31);
  const lines = appendWhole(store, 'a');
  await expect(lines.append(piece)).rejects.toThrow('is kept');
  piece.fill(0);
  await lines.finish();
  expect(await getText(store, 'a')).toBe('1');
});
