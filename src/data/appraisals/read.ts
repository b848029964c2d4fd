/** Appraisals of several files, of people and of felfri, brought together. */
import { FelfriError } from '../../core/errors.ts';
import { systemError } from '../../core/system-errors.ts';
import { byName } from '../listing.ts';
import { readTextFile } from '../text-file.ts';
import { type Appraisal, type Appraisals, appraisalError, type Reference } from './appraisal.ts';
import { type InspectedAppraisal, isInspections, readInspections } from './inspections.ts';
import { requireOtherPictures } from './repeats.ts';
import { AppraisalTable } from './table.ts';

export interface AppraisalOptions {
  /** A table of parts with what each is; tables of appraisals may say it themselves. */
  readonly reference?: string;
  /** Words that alone mean good, in decisions and references; those of docs/data-sets.md unless told. */
  readonly good?: readonly string[];
  /** Part of an inspected image: the first capture of this on its file name; the name without its ending unless told. */
  readonly partPattern?: RegExp;
}

/** An appraiser for each bundle, called by the beginning of its hash. */
const named = ({ bundle, from: _, line: __, ...appraisal }: InspectedAppraisal): Appraisal => ({
  ...appraisal,
  appraiser: bundle === '' ? 'felfri' : `felfri ${bundle.slice(0, 8)}`,
});

/** What a refused image's line does not say: the bundle of the results that it stands in. */
function withBundle(inspected: readonly InspectedAppraisal[]): InspectedAppraisal[] {
  const bundle = inspected.find((one) => one.bundle !== '')?.bundle ?? '';
  return inspected.map((one) => (one.bundle === '' ? { ...one, bundle } : one));
}

class Joined {
  readonly references = new Map<string, Reference>();
  readonly people: Appraisal[] = [];
  readonly inspected: InspectedAppraisal[] = [];

  takeTable({ appraisals, references }: AppraisalTable, path: string): void {
    this.people.push(...appraisals);
    for (const [part, reference] of references) {
      const before = this.references.get(part);
      if (before && before.className !== reference.className)
        throw appraisalError(
          path,
          `part ${part} is '${reference.className}', and '${before.className}' in another file`,
        );
      this.references.set(part, reference);
    }
  }
}

/**
 * Reads tables of decisions (CSV, JSON) and results of `felfri inspect --json`, which tell themselves apart by what is in them.
 *
 * @throws FelfriError APPRAISALS_INVALID, PRESENTED_TWICE, PATH_UNUSABLE, OPTION_INVALID.
 */
export async function readAppraisals(paths: readonly string[], options: AppraisalOptions = {}): Promise<Appraisals> {
  const joined = new Joined();
  const reference = options.reference === undefined ? [] : [options.reference];
  for (const path of [...reference, ...paths]) {
    const text = await readTextFile(path).catch((cause: unknown) => {
      throw systemError(cause, path) ?? appraisalError(path, 'it cannot be read', cause);
    });
    if (isInspections(text)) joined.inspected.push(...withBundle(readInspections(path, text, options.partPattern)));
    else joined.takeTable(await new AppraisalTable(path, options.good).read(), path);
  }
  const appraisals = [...joined.people, ...joined.inspected.map(named)];
  if (appraisals.length === 0) {
    throw new FelfriError(
      'APPRAISALS_INVALID',
      'no file holds a decision; give results of felfri inspect --json, or a table with the column decision',
      { subject: paths[0] ?? '' },
    );
  }
  await requireOtherPictures(joined.inspected);
  const references = [...joined.references.values()].sort((a, b) => byName(a.part, b.part));
  const unknown = references.length > 0 && appraisals.find(({ part }) => !joined.references.has(part));
  if (unknown) {
    throw new FelfriError(
      'APPRAISALS_INVALID',
      `part ${unknown.part} was appraised and has no reference; say what it is in the table of references, or in none of them`,
      { subject: unknown.part },
    );
  }
  const judged = new Set(appraisals.map(({ part }) => part));
  const idle = references.filter(({ part }) => !judged.has(part)).length;
  return {
    appraisals,
    references: references.filter(({ part }) => judged.has(part)),
    notes: idle > 0 ? [`Of the references, ${idle} ${idle === 1 ? 'part was' : 'parts were'} not appraised.`] : [],
  };
}
