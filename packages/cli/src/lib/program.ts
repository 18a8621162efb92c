import { Command, type Option } from 'commander';
import { exitCodeOf } from './exit-code';
import { RequiredOption } from './options';

/** A sub-command, as a value. */
export interface ProgramCommand<Settings extends object = object> {
  readonly name: string;
  readonly description: string;
  /** Words behind the name, as commander writes them: `<folder...>`. They are `command.args`. */
  readonly operands?: string;
  readonly options: readonly Option[];
  /** Returns the exit code. */
  run(settings: Settings, command: Command): Promise<number>;
}

/** What `--help` and `--version` of a program say. */
export interface ProgramInfo {
  readonly name: string;
  readonly description: string;
  readonly version: string;
}

/** Runs the command that `argv` names, and returns its exit code: see {@link exitCodeOf}. */
export function runProgram(
  { name, description, version }: ProgramInfo,
  commands: readonly ProgramCommand[],
  argv: readonly string[],
): Promise<number> {
  return exitCodeOf(async () => {
    let code = 0;
    const program = new Command(name)
      .description(description)
      .version(version)
      .exitOverride()
      .showHelpAfterError('(--help shows what there is)');
    for (const one of commands) {
      const command = program.command(one.name).description(one.description);
      for (const option of one.options) command.addOption(option);
      if (one.operands) command.argument(one.operands);
      command.action(async () => {
        const given = command.opts();
        const missing = one.options.find(
          (option) =>
            option instanceof RequiredOption && !Object.hasOwn(given, option.attributeName()),
        );
        if (missing) command.error(`error: required option '${missing.flags}' not specified`);
        code = await one.run(given, command);
      });
    }
    await program.parseAsync(argv, { from: 'user' });
    return code;
  });
}
