/** The error itself, which says now which file it is about: some of the system's do not. */
export function nameFile(error: unknown, path: string, doing: 'reading' | 'writing'): Error {
  const named = error as Error;
  if (!named.message.includes(path)) named.message += ` (${doing} ${path})`;
  return named;
}
