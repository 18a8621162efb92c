/**
 * Whether this is Node, or has its modules as Bun and Deno do. Pages may have a `process` of their bundler,
 * which has none.
 */
export const isNode = (): boolean =>
  (
    globalThis as { process?: { getBuiltinModule?(id: string): unknown } }
  ).process?.getBuiltinModule?.('node:process') !== undefined;
