/** Results of `felfri inspect --json` as appraisals: each line is one presentation of a part. */
import { basename, extname } from 'node:path';
import { FelfriError } from '../../core/errors.ts';
import { literals, Type, Value } from '../../core/schema.ts';
import { type Appraisal, appraisalError, NOT_INSPECTED } from './appraisal.ts';

const Decided = Type.Object({
  image: Type.String({ minLength: 1 }),
  decision: literals(['OK', 'REVIEW', 'NG']),
  score: Type.Number(),
  /** Absent in results of before it was written. */
  bundle: Type.Optional(Type.String()),
});
const Refused = Type.Object({ image: Type.String(), error: Type.Object({ code: Type.String() }) });

/** An appraisal by felfri: whoever judged is known by the bundle's hash. */
export interface InspectedAppraisal extends Appraisal {
  readonly image: string;
  readonly bundle: string;
  /** The file of results, and the line in it. */
  readonly from: string;
  readonly line: number;
}

/** The part that an image shows: the first capture of the pattern on its file name, or the name without its ending. */
function partOf(image: string, pattern: RegExp | undefined): string | undefined {
  const name = basename(image.replaceAll('\\', '/'));
  if (!pattern) return name.slice(0, name.length - extname(name).length);
  const match = pattern.exec(name);
  return match ? (match[1] ?? match[0]) : undefined;
}

/** Whether a text is such results: lines of JSON, each an object. */
export const isInspections = (text: string): boolean => /^\s*\{/.test(text);

/**
 * The appraisals of one file of results. A line that says that an image could not be inspected is one too: the part is kept out.
 *
 * @throws FelfriError APPRAISALS_INVALID naming the line.
 */
export function readInspections(from: string, text: string, pattern: RegExp | undefined): InspectedAppraisal[] {
  return text.split('\n').flatMap((own, i) => {
    if (own.trim() === '') return [];
    const line = i + 1;
    let json: unknown;
    try {
      json = JSON.parse(own);
    } catch (cause) {
      throw appraisalError(from, `line ${line} is not JSON; give what felfri inspect --json printed`, cause);
    }
    const decided = Value.Check(Decided, json) ? json : undefined;
    const image = decided?.image ?? (Value.Check(Refused, json) ? json.image : undefined);
    if (image === undefined)
      throw appraisalError(
        from,
        `line ${line} has neither image and decision nor image and error; give what felfri inspect --json printed`,
      );
    const part = partOf(image, pattern);
    if (part === undefined) {
      throw new FelfriError(
        'OPTION_INVALID',
        `the part pattern does not match '${basename(image)}' (${from}, line ${line}); legal is one that matches the name of every image`,
        { subject: 'partPattern' },
      );
    }
    return [
      {
        part,
        image,
        from,
        line,
        appraiser: 'felfri',
        bundle: decided?.bundle ?? '',
        passed: decided?.decision === 'OK',
        said: decided?.decision ?? NOT_INSPECTED,
        ...(decided && { score: decided.score }),
      },
    ];
  });
}
