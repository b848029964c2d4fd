/** The file that names the sources and outputs of a line, read and checked; what is wrong is said with its line. */
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Document, LineCounter } from 'yaml';
import { FelfriError } from '../../core/errors.ts';
import { type Static, type TObject, type TProperties, Type, Value } from '../../core/schema.ts';
import { line } from '../contract/common.ts';
import { commonSettings } from './settings.ts';
import type { CameraSettings } from './sources/camera/settings.ts';
import type { FolderSettings } from './sources/folder/settings.ts';
import { type PartSettings, partSettings } from './sources/parts/settings.ts';
import { type CommonSourceSettings, commonSourceSettings } from './sources/settings.ts';
import { type SourceKind, sources as sourceTable } from './sources/table.ts';
import { type ConnectorKind, connectors } from './table.ts';

type Common = Static<TObject<typeof commonSettings>>;

export type OutputSettings = Entry<ConnectorKind, Common>;
export type SourceSettings = Entry<SourceKind, CommonSourceSettings>;

export interface LineFile {
  readonly path: string;
  /** Name of the station, as messages and topics have it. */
  readonly station: string;
  readonly sources: readonly SourceSettings[];
  readonly outputs: readonly OutputSettings[];
  /** How views make parts; null where each image is a part. */
  readonly parts: PartSettings | null;
}

/** Whether the images of a source are views of parts. */
export function givesViews({ name, settings }: SourceSettings, { views }: PartSettings): boolean {
  const { names = '' } = settings as { names?: string };
  return views.includes(name) || names.includes('{view}');
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/;

/** The file's text with the places of its values. JSON is YAML, so that the reader of annotations knows lines for both. */
class Text {
  readonly path: string;
  readonly #document: Document;
  readonly #lines: LineCounter;

  constructor(path: string, document: Document, lines: LineCounter) {
    this.path = path;
    this.#document = document;
    this.#lines = lines;
    const [error] = document.errors;
    if (error)
      throw this.#refusal(error.message.split('\n')[0]!.replace(/ at line \d+, column \d+:?$/, ''), error.pos[0]);
  }

  #refusal(why: string, offset = 0): FelfriError {
    const { line: number } = this.#lines.linePos(offset);
    return new FelfriError('LINE_INVALID', `${this.path}, line ${number}: ${why}`, { subject: this.path });
  }

  /** An error at the value of a path, or at the nearest that is there. */
  refuse(path: readonly string[], why: string): FelfriError {
    for (let known = path; known.length > 0; known = known.slice(0, -1)) {
      const node = this.#document.getIn(known, true) as { range?: [number, number, number] } | undefined;
      if (node?.range) return this.#refusal(why, node.range[0]);
    }
    return this.#refusal(why);
  }

  get value(): unknown {
    return this.#document.toJS();
  }
}

/** `env:NAME` stands for what the environment has under that name, so that no secret lies in the file. */
function withEnvironment(
  text: Text,
  settings: Record<string, unknown>,
  path: readonly string[],
): Record<string, unknown> {
  const known = Object.entries(settings).map(([key, value]) => {
    if (typeof value !== 'string' || !value.startsWith('env:')) return [key, value];
    const name = value.slice(4);
    const found = process.env[name];
    if (found === undefined)
      throw text.refuse([...path, key], `${key} is to come from ${name}, which the environment lacks`);
    return [key, found];
  });
  return Object.fromEntries(known) as Record<string, unknown>;
}

/** What the entries of a part of the file are checked against. */
interface EntryRow {
  readonly settings: TProperties;
  fault?(settings: never): readonly [string, string] | null;
}

interface Entry<K extends string, C> {
  readonly name: string;
  readonly kind: K;
  readonly common: C;
  /** As the row of its kind has them, defaults filled in. */
  readonly settings: never;
}

/** Settings with defaults filled in; refuses what is unknown, missing or of another kind. */
function fitting<T>(text: Text, path: readonly string[], given: Record<string, unknown>, settings: TProperties): T {
  const name = path.at(-1)!;
  const schema = Type.Object(settings, { additionalProperties: false });
  const full = Value.Default(schema, withEnvironment(text, given, path)) as Record<string, unknown>;
  const legal = Object.keys(schema.properties);
  const unknown = Object.keys(full).find((key) => !legal.includes(key));
  if (unknown)
    throw text.refuse([...path, unknown], `${name} has no setting ${unknown}; there are ${legal.join(', ')}`);
  const missing = legal.find((key) => !(key in full));
  if (missing) throw text.refuse(path, `${name} needs the setting ${missing}`);
  const [error] = Value.Errors(schema, full);
  if (error) {
    const key = error.instancePath.split('/')[1] ?? '';
    throw text.refuse([...path, key], `${key} of ${name} ${error.message}`);
  }
  return full as T;
}

function entryOf<K extends string, C extends object>(
  text: Text,
  path: readonly [section: string, name: string],
  given: unknown,
  { rows, common }: { rows: Readonly<Record<K, EntryRow>>; common: TProperties },
): Entry<K, C> {
  const [, name] = path;
  if (!NAME.test(name))
    throw text.refuse(path, `${JSON.stringify(name)} is no name; take letters, digits, dots, hyphens and underscores`);
  if (typeof given !== 'object' || given === null) throw text.refuse(path, `${name} is no object with a kind`);
  const { kind, ...rest } = given as { kind?: unknown };
  const kinds = Object.keys(rows) as K[];
  const known = kinds.find((one) => one === kind);
  if (!known) throw text.refuse([...path, 'kind'], `${name} needs a kind: ${kinds.join(', ')}`);
  const row = rows[known];
  const full = fitting<Record<string, unknown>>(text, path, rest, { ...common, ...row.settings });
  const isCommon = ([key]: [string, unknown]): boolean => key in common;
  const pairs = Object.entries(full);
  const settings = Object.fromEntries(pairs.filter((pair) => !isCommon(pair))) as never;
  const fault = row.fault?.(settings) ?? null;
  if (fault) throw text.refuse([...path, fault[0]], `${fault[0]} of ${name} ${fault[1]}`);
  return { name, kind: known, common: Object.fromEntries(pairs.filter(isCommon)) as C, settings };
}

/** The entries of a part of the file, by their names. */
function entriesOf<K extends string, C extends object>(
  text: Text,
  section: 'sources' | 'outputs',
  given: unknown,
  kinds: { rows: Readonly<Record<K, EntryRow>>; common: TProperties },
): Entry<K, C>[] {
  if (typeof given !== 'object' || given === null) throw text.refuse([section], `${section} must be an object`);
  return Object.entries(given).map(([name, one]) => entryOf<K, C>(text, [section, name], one, kinds));
}

/** Throws LINE_INVALID, with the line of the file. */
export async function readLineFile(path: string): Promise<LineFile> {
  const { parseDocument, LineCounter: Counter } = await import('yaml');
  const written = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new FelfriError('LINE_INVALID', `${path} cannot be read (${cause.code})`, { subject: path, cause });
  });
  const lines = new Counter();
  const text = new Text(path, parseDocument(written, { lineCounter: lines, uniqueKeys: true }), lines);
  const { value } = text;
  if (typeof value !== 'object' || value === null)
    throw text.refuse([], 'it is no object with "station", "sources" and "outputs"');
  const { station, sources = {}, outputs = {}, parts, ...others } = value as Record<string, unknown>;
  const [other] = Object.keys(others);
  if (other) throw text.refuse([other], `there is no ${other}; there are station, sources, outputs and parts`);
  const Name = line(60);
  if (!Value.Check(Name, station) || /[#+/]/.test(station))
    throw text.refuse(['station'], 'station must be a name of up to 60 signs, without # + /');
  const found: LineFile = {
    path,
    station,
    sources: entriesOf(text, 'sources', sources, { rows: sourceTable, common: commonSourceSettings }),
    outputs: entriesOf(text, 'outputs', outputs, { rows: connectors, common: commonSettings }),
    parts: parts === undefined ? null : partsOf(text, parts),
  };
  requireTogether(text, found);
  return found;
}

/** How views make parts. */
function partsOf(text: Text, given: unknown): PartSettings {
  if (typeof given !== 'object' || given === null) throw text.refuse(['parts'], 'parts must be an object');
  return fitting<PartSettings>(text, ['parts'], given as Record<string, unknown>, partSettings);
}

const announcing = Object.entries(connectors).flatMap(([kind, { announces }]) => (announces ? [kind] : []));

/** What entries say of each other. */
function requireTogether(text: Text, found: LineFile): void {
  // alarms and tests call both by their names
  const twice = found.sources.find(({ name }) => found.outputs.some((output) => output.name === name));
  if (twice) throw text.refuse(['sources', twice.name], `${twice.name} is the name of an output too`);
  for (const { name, settings } of found.sources) {
    const { triggeredBy = '' } = settings as { triggeredBy?: string };
    const isThere =
      triggeredBy === '' || found.outputs.some((one) => one.name === triggeredBy && connectors[one.kind].announces);
    if (!isThere)
      throw text.refuse(
        ['sources', name, 'triggeredBy'],
        `triggeredBy of ${name} is to be the name of an output whose other side announces parts (${announcing.join(', ')})`,
      );
  }
  if (found.parts) requireViews(text, found.parts, found.sources);
}

/** Each view must be able to come, and each image must say its part. */
function requireViews(text: Text, parts: PartSettings, all: readonly SourceSettings[]): void {
  const isNamed = all.some(({ settings }) => (settings as { names?: string }).names?.includes('{view}'));
  const unknown = parts.views.find((view) => !parts.http && !isNamed && !all.some(({ name }) => name === view));
  if (unknown)
    throw text.refuse(
      ['parts', 'views'],
      `${unknown} is no source, and no source has {view} in its names, nor do views come by HTTP`,
    );
  if (parts.ngViews > parts.views.length)
    throw text.refuse(['parts', 'ngViews'], `ngViews is more than the ${parts.views.length} views`);
  for (const source of all.filter((one) => givesViews(one, parts))) {
    const { names = '{part}', take = 'trigger', partLines = 0 } = source.settings as Partial<FolderSettings & CameraSettings>; // biome-ignore format: one line
    if (partLines > 0)
      throw text.refuse(['sources', source.name, 'partLines'], `${source.name} has views of its own by partLines`);
    if (!names.includes('{part}') || take !== 'trigger')
      throw text.refuse(
        ['sources', source.name],
        `${source.name} gives views, and must say of which part: by {part} in names, or by triggers`,
      );
  }
}

/** The file that was named, or `line.json` in the data folder where it lies there. */
export async function findLineFile(named: string | undefined, folder: string): Promise<LineFile | null> {
  if (named !== undefined) return readLineFile(named);
  const usual = join(folder, 'line.json');
  const isThere = await access(usual).then(
    () => true,
    () => false,
  );
  return isThere ? readLineFile(usual) : null;
}
