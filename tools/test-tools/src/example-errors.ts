import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** A block of TypeScript on a page. */
export interface Example {
  /** Where it is: `packages/losses/README.md:12`. */
  readonly place: string;
  readonly code: string;
}

/** The blocks that begin with ```` ```ts ````: each is a module that stands alone. */
export function examplesOn(root: string, pages: readonly string[]): Example[] {
  return pages.flatMap((page) => {
    const text = readFileSync(join(root, page), 'utf8');
    return [...text.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(({ index, 1: code }) => ({
      place: `${page}:${text.slice(0, index).split('\n').length}`,
      code: code!,
    }));
  });
}

/**
 * What the compiler says of examples, each as a module of its own in `folder`, by the tsconfig.json there.
 * Nothing is run.
 */
export function exampleErrors(examples: readonly Example[], folder: string): string[] {
  const files = new Map(examples.map((one, i) => [join(folder, `example-${i + 1}.ts`), one]));
  const { config } = ts.readConfigFile(join(folder, 'tsconfig.json'), ts.sys.readFile) as {
    config: unknown;
  };
  const parsed = ts.parseJsonConfigFileContent(config, ts.sys, folder);
  // Examples end where they have made something.
  const options = { ...parsed.options, noUnusedLocals: false };
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (name) => files.has(name) || fileExists(name);
  host.readFile = (name) => files.get(name)?.code ?? readFile(name);
  host.getSourceFile = (name, language, ...rest) => {
    const example = files.get(name);
    if (example === undefined) return getSourceFile(name, language, ...rest);
    return ts.createSourceFile(name, example.code, language);
  };
  const program = ts.createProgram([...files.keys()], options, host);
  return [...files].flatMap(([name, { place }]) => {
    const source = program.getSourceFile(name);
    const found = [
      ...program.getSyntacticDiagnostics(source),
      ...program.getSemanticDiagnostics(source),
    ];
    return found.map(({ start = 0, messageText }) => {
      const { line } = source!.getLineAndCharacterOfPosition(start);
      return `${place}, line ${line + 1}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
    });
  });
}
