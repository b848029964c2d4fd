/** The folders that `felfri compare` wrote, as the station shows them: read when asked, never changed. */

import { constants } from 'node:fs';
import { type FileHandle, lstat, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { FelfriError } from '../core/errors.ts';
import { type Static, Type, Value } from '../core/schema.ts';
import { Interval, Time } from './contract/common.ts';
import {
  type Comparison,
  type ComparisonList,
  ComparisonName,
  ComparisonProtocol,
  ComparisonRow,
} from './contract/comparisons.ts';
import { notFound } from './not-found.ts';

/** Most bytes of a comparison.json; a large one has some hundred thousand. */
const MOST_BYTES = 64 * 1024 * 1024;

const { protocol, split, notes, unetNotApplicable, failed } = ComparisonProtocol.properties;
const { detector, chosenOn, over, auroc: figure } = ComparisonRow.properties;

/** What is read of comparison.json; it holds more. */
const Stored = Type.Object({
  schema: Type.Literal(1),
  created: Time,
  dataSet: Type.Object({ name: Type.String(), hash: Type.String() }),
  protocols: Type.Array(
    Type.Object({
      protocol,
      split,
      notes,
      unetNotApplicable,
      failed,
      meanAuroc: Type.Record(Type.String(), Type.Union([Interval, Type.Null()])),
    }),
  ),
  table: Type.Array(
    Type.Object({
      protocol,
      detector,
      chosenOn,
      over,
      sequences: Type.Array(Type.String()),
      figures: Type.Record(Type.String(), figure),
    }),
  ),
});
type Stored = Static<typeof Stored>;

const intervalKeys = { flow: 'flow', 'U-Net': 'unet', fusion: 'fusion' } as const;

function rowOf({ detector, chosenOn, over, sequences, figures }: Stored['table'][number], intervals: IntervalsOf) {
  const of = (name: string): ComparisonRow['auroc'] => figures[name] ?? null;
  return {
    detector,
    chosenOn,
    over,
    sequences: sequences.length,
    auroc: of('auroc'),
    aurocInterval: (over === 'all' ? intervals[intervalKeys[detector]] : null) ?? null,
    precision: of('precision'),
    recall: of('recall'),
    f1: of('f1'),
    falseAlarmRate: of('falseAlarmRate'),
    brightnessAuroc: of('brightnessAuroc'),
    pixelAuroc: of('pixelAuroc'),
    inspectionMilliseconds: of('inspectionMilliseconds'),
  };
}

type IntervalsOf = Stored['protocols'][number]['meanAuroc'];

function comparisonOf(name: string, { created, dataSet, protocols, table }: Stored, report: boolean): Comparison {
  return {
    name,
    createdAt: created,
    dataSet: { name: dataSet.name, hash: dataSet.hash },
    protocols: protocols.map(({ protocol, split, notes, unetNotApplicable, failed, meanAuroc }) => ({
      protocol,
      split,
      notes,
      rows: table.filter((row) => row.protocol === protocol).map((row) => rowOf(row, meanAuroc)),
      unetNotApplicable,
      failed: failed.map(({ detector, name: sequence, message }) => ({ detector, name: sequence, message })),
    })),
    report,
  };
}

/** A plain file of a comparison, to be closed by the caller; undefined where there is none. Links are not followed. */
async function openPlain(folder: string, name: string): Promise<FileHandle | undefined> {
  const directory = await lstat(folder).catch(() => undefined);
  if (!directory?.isDirectory()) return undefined;
  const file = await open(join(folder, name), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    () => undefined,
  );
  if (!file || (await file.stat()).isFile()) return file;
  await file.close();
  return undefined;
}

export class Comparisons {
  readonly #folder: string;
  /** By name, as long as the file stays as it is. */
  readonly #read = new Map<string, { readonly stamp: string; readonly stored: Stored }>();

  /** @param folder need not be there. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  #path(name: string): string {
    if (!Value.Check(ComparisonName, name)) throw notThere(name);
    return join(this.#folder, name);
  }

  async #has(name: string, file: string): Promise<boolean> {
    const handle = await openPlain(this.#path(name), file);
    await handle?.close();
    return handle !== undefined;
  }

  /** Undefined where there is none. Throws NOT_FOUND where it cannot be read. */
  async #stored(name: string): Promise<Stored | undefined> {
    const file = await openPlain(this.#path(name), 'comparison.json');
    if (!file) return undefined;
    try {
      const { size, mtimeMs } = await file.stat();
      const stamp = `${size} ${mtimeMs}`;
      const known = this.#read.get(name);
      if (known?.stamp === stamp) return known.stored;
      if (size > MOST_BYTES) throw unreadable(name, `it has ${size} bytes; legal are at most ${MOST_BYTES}`);
      const stored = parsed(name, await file.readFile('utf8'));
      this.#read.set(name, { stamp, stored });
      return stored;
    } finally {
      await file.close();
    }
  }

  /** Throws NOT_FOUND, also where it has no result yet, or none that can be read. */
  async require(name: string): Promise<Comparison> {
    const stored = await this.#stored(name);
    if (!stored) throw notThere(name);
    return comparisonOf(name, stored, await this.#has(name, 'report.html'));
  }

  async list(): Promise<ComparisonList> {
    const entries = await readdir(this.#folder, { withFileTypes: true }).catch(() => []);
    const names = entries.filter((entry) => entry.isDirectory() && Value.Check(ComparisonName, entry.name));
    const list: ComparisonList = { comparisons: [], unfinished: [], unreadable: [] };
    for (const { name } of names.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      try {
        const stored = await this.#stored(name);
        if (stored) list.comparisons.push(comparisonOf(name, stored, await this.#has(name, 'report.html')));
        else if (await this.#has(name, 'settings.json')) list.unfinished.push(name);
      } catch (error) {
        list.unreadable.push({ name, problem: (error as Error).message });
      }
    }
    list.comparisons.sort((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt));
    return list;
  }

  /** Its report's file, to be read and closed by the caller. Throws NOT_FOUND. */
  async report(name: string): Promise<FileHandle> {
    const file = await openPlain(this.#path(name), 'report.html');
    if (file) return file;
    throw new FelfriError('NOT_FOUND', `there is no report of a comparison ${name}; GET /api/comparisons says which`, {
      subject: name,
    });
  }
}

function parsed(name: string, text: string): Stored {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw unreadable(name, 'it is no JSON');
  }
  if (Value.Check(Stored, value)) return value;
  const [first] = Value.Errors(Stored, value);
  throw unreadable(name, `${first?.instancePath} ${first?.message}`);
}

function unreadable(name: string, why: string): FelfriError {
  return new FelfriError(
    'NOT_FOUND',
    `the comparison.json of ${name} is none that this felfri reads: ${why}; run felfri compare again`,
    { subject: name },
  );
}

function notThere(name: string): FelfriError {
  return notFound('comparison', name, '/api/comparisons');
}
