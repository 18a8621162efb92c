import { UsageError } from '@ganloom/core';

/**
 * Which class a word means: one of the names, whatever the case, or a number counted from 0 where no
 * name is a number.
 *
 * @throws UsageError that names the classes.
 */
export function classNamed(word: string, classNames: readonly string[]): number {
  const plain = (name: string) => name.trim().toLowerCase();
  const found = classNames.findIndex((name) => plain(name) === plain(word));
  if (found >= 0) return found;
  const isNumber = (name: string) => /^\d+$/.test(name);
  if (isNumber(word) && Number(word) < classNames.length && !classNames.some(isNumber)) {
    return Number(word);
  }
  throw new UsageError(`label must be one of ${classNames.join(', ')}; got "${word}"`);
}
