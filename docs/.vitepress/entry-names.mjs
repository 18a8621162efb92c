// A plugin of TypeDoc: modules have the names that people import, and pages those of packages.
import { Converter, ReflectionKind } from 'typedoc';

/** `packages/losses/src/node` is `@ganloom/losses/node`. */
const nameOf = (path) =>
  path.replace(/^packages\/([^/]+)\/src/, (_, name) =>
    name === 'ganloom' ? name : `@ganloom/${name}`,
  );

export function load(app) {
  app.converter.on(Converter.EVENT_CREATE_DECLARATION, (_, reflection) => {
    if (reflection.kind === ReflectionKind.Module) reflection.name = nameOf(reflection.name);
  });
}
