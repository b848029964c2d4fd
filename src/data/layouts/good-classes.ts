/**
 * Which class names mean good. One rule for manifests, JSON lines and annotations: the words of `words.ts`, or the names that the
 * user gives, and then these alone.
 */
import { FelfriError } from '../../core/errors.ts';
import { byName } from '../listing.ts';
import { folded } from '../spelling.ts';
import { isGoodName } from './words.ts';

/** Values that do not say whether a part is good. */
const saysNothing =
  /^(-?\d+|true|false|yes|no|y|n|\?+|-+|unknown|unclear|unsure|unlabell?ed|none|null|nan|n\/?a|tbd|todo|skip)$/i;

export class GoodClasses {
  readonly #stated: ReadonlyMap<string, string> | undefined;
  readonly #met = new Map<string, string>();

  /** `stated`: the names that the user gives. Capital letters do not count. */
  constructor(stated: readonly string[] | undefined) {
    this.#stated = stated && new Map(stated.map((name) => [folded(name.trim()), name.trim()]));
  }

  /** Whether a class means good. */
  isGood(name: string): boolean {
    this.#met.set(folded(name.trim()), name);
    return this.#stated ? this.#stated.has(folded(name.trim())) : isGoodName(name);
  }

  /** Whether a class may mean either, such as a number; none does once the user has said which are good. */
  saysNothing(name: string): boolean {
    return this.#stated === undefined && saysNothing.test(name);
  }

  /** Throws OPTION_INVALID for a stated name that was met nowhere: the option would be without effect. `where` is such as 'row'. */
  requireUsed(where: string): void {
    const unused = [...(this.#stated ?? [])].find(([key]) => !this.#met.has(key));
    if (unused === undefined) return;
    const met = [...this.#met.values()].sort(byName);
    const shown = met.length > 20 ? `${met.slice(0, 20).join(', ')} and ${met.length - 20} more` : met.join(', ');
    throw new FelfriError(
      'OPTION_INVALID',
      `good classes: no ${where} has the class '${unused[1]}'; there are ${shown || 'none'}`,
      { subject: 'goodClasses' },
    );
  }
}
