import { UsageError } from '@ganloom/core';

/**
 * Which class is meant: by a word one of the names, whatever the case, or a number counted from 0 where no
 * name is a number; by a number the class of that index.
 *
 * @throws UsageError that names the classes.
 */
export function classNamed(word: string | number, classNames: readonly string[]): number {
  const refused = (given: string) =>
    new UsageError(`label must be one of ${classNames.join(', ')}; got ${given}`);
  if (typeof word === 'number') {
    if (Number.isInteger(word) && word >= 0 && word < classNames.length) return word;
    throw refused(`the index ${word} of ${classNames.length} classes`);
  }
  const plain = (name: string) => name.trim().toLowerCase();
  const found = classNames.findIndex((name) => plain(name) === plain(word));
  if (found >= 0) return found;
  const isNumber = (name: string) => /^\d+$/.test(name);
  if (isNumber(word) && Number(word) < classNames.length && !classNames.some(isNumber)) {
    return Number(word);
  }
  throw refused(`"${word}"`);
}
