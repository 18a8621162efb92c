import { join } from 'node:path';
import ts from 'typescript';

/** A comment before the last one is said to nobody. */
function hasTwoComments(symbol: ts.Symbol): boolean {
  return (symbol.declarations ?? []).some((declaration) => {
    const holder = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
    const { text } = holder.getSourceFile();
    const comments = ts.getLeadingCommentRanges(text, holder.getFullStart()) ?? [];
    return comments.filter(({ pos }) => text.startsWith('/**', pos)).length > 1;
  });
}

/**
 * The exports of entries that no comment says anything of, or two, as `src/lib/file.ts: name`.
 *
 * @param root folder of the repository, with the tsconfig.json of all packages
 * @param entries files relative to it
 */
export function undocumentedExports(root: string, entries: readonly string[]): string[] {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile) as {
    config: unknown;
  };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const files = entries.map((entry) => join(root, entry));
  const program = ts.createProgram(files, options);
  const checker = program.getTypeChecker();
  const missing = files.flatMap((file) => {
    const entry = checker.getSymbolAtLocation(program.getSourceFile(file)!)!;
    return checker
      .getExportsOfModule(entry)
      .map((one) => (one.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(one) : one))
      .filter((one) => one.getDocumentationComment(checker).length === 0 || hasTwoComments(one))
      .map((one) => {
        const [{ fileName } = { fileName: file }] = (one.declarations ?? []).map((d) =>
          d.getSourceFile(),
        );
        return `${fileName.slice(root.length + 1)}: ${one.name}`;
      });
  });
  return [...new Set(missing)].toSorted();
}
