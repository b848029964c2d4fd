/** Rows of options on the command line: their flags, their help, and what was given. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { PresetName } from '../core/options.ts';
import { flagOf, type Given, type Kind, type OptionRow, type OptionRows, presetNames } from '../core/options.ts';

/** A reader of what an option may be. */
export const reader =
  <T>({ legal, read }: Kind<T>) =>
  (text: string): T => {
    const value = read(text);
    if (value === undefined) throw new InvalidArgumentError(legal);
    return value;
  };

export interface PresetOption {
  readonly preset: PresetName;
}

export const withPresetOption = (command: Command): Command =>
  command.addOption(
    new Option('--preset <name>', 'line: minutes on an office computer; paper: as published')
      .choices(presetNames)
      .default('line'),
  );

const shown = (value: unknown): string => (Array.isArray(value) ? value.join() || 'none' : String(value));

/** The help, and what the option is where it is not given. */
function helpOf({ help, preset }: OptionRow): string {
  if (!preset) return help;
  const { line, paper, lineOnBackbone = line } = preset;
  const others = [
    ...(shown(lineOnBackbone) === shown(line) ? [] : [`on an EfficientNet: ${shown(lineOnBackbone)}`]),
    ...(shown(paper) === shown(line) ? [] : [`paper: ${shown(paper)}`]),
  ];
  return `${help} (default: ${[shown(line), ...others].join('; ')})`;
}

/** Where rows stand beside those of another detector: flags that both have get a prefix, and say whose they are. */
export interface Beside {
  readonly rows: OptionRows;
  readonly prefix: string;
  readonly title: string;
}

function writtenFlag(name: string, row: OptionRow, beside: Beside | undefined): { flag: string; whose: string } {
  const flag = flagOf(name, row);
  const taken = Object.entries(beside?.rows ?? {}).some(([other, its]) => its.form && flagOf(other, its) === flag);
  return taken ? { flag: `${beside!.prefix}-${flag}`, whose: `${beside!.title}: ` } : { flag, whose: '' };
}

/** Adds the options of some rows. */
export function withOptionRows(command: Command, rows: OptionRows, beside?: Beside): Command {
  for (const [name, row] of Object.entries(rows)) {
    if (row.form === undefined) continue;
    const { flag, whose } = writtenFlag(name, row, beside);
    command.option(`--${flag} ${row.form}`, whose + helpOf(row), reader(row.kind));
    if (row.negated !== undefined) command.option(`--no-${flag}`, whose + row.negated);
  }
  return command;
}

/** What was given of them, among all options of a command. */
export function givenOf<R extends OptionRows>(rows: R, options: object, beside?: Beside): Given<R> {
  const given = Object.entries(rows).flatMap(([name, row]) => {
    const { flag } = writtenFlag(name, row, beside);
    const value = (options as Readonly<Record<string, unknown>>)[
      flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
    ];
    // commander makes true of an option that could be refused and was not
    const said = row.form !== undefined && value !== undefined && !(row.negated !== undefined && value === true);
    return said ? [[name, value]] : [];
  });
  return Object.fromEntries(given) as Given<R>;
}
