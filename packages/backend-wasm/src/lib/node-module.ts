interface NodeModules {
  v8: typeof import('node:v8');
  os: typeof import('node:os');
  worker_threads: typeof import('node:worker_threads');
}

/** A Node built-in without an import, which bundlers for browsers would stumble over. */
export function nodeModule<Name extends keyof NodeModules>(
  name: Name,
): NodeModules[Name] | undefined {
  const node = (globalThis as { process?: { getBuiltinModule?(id: string): unknown } }).process;
  return node?.getBuiltinModule?.(`node:${name}`) as NodeModules[Name] | undefined;
}
