import { datasetForms, parseDatasetName, type NamedDataset } from '@ganloom/datasets/node';
import { readSetting, type Setting, type SettingsSpec } from '@ganloom/recipes';
import { Option } from 'commander';

/** What a command line calls a setting: `learningRate` is `--learning-rate`. */
export function flagOf(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

const HINTS = { integer: 'n', number: 'x', choice: 'name', text: 'text', dataset: 'name' } as const;

/** The options of a command line that set these. */
export function settingOptions(
  spec: SettingsSpec,
  datasets: readonly NamedDataset[],
): readonly Option[] {
  return Object.entries(spec).map(([name, setting]) => optionOf(name, setting, datasets));
}

function optionOf(name: string, setting: Setting, datasets: readonly NamedDataset[]): Option {
  const { kind, about, choices, hint, default: value } = setting;
  const flag = flagOf(name);
  if (kind === 'flag') return new Option(flag, about).default(false);
  const option = new Option(`${flag} <${hint ?? HINTS[kind]}>`, about).default(value);
  if (kind === 'choice') return option.choices(choices!);
  if (kind === 'dataset') {
    const of = setting.of!;
    option.description = `${about}: ${datasetForms(datasets, of)}`;
    return option.argParser((text: string) => {
      parseDatasetName(text, of, datasets, flag);
      return text;
    });
  }
  return option.argParser((text: string) => readSetting(setting, text, flag));
}
