/** The backbone that is taken where none is named: the best, by what was measured, of those whose weights are on this machine. */
import { knownBackbone } from './hub/catalogue.ts';
import { isHere, namedBackbones } from './table.ts';

/** Stands for it on the command line. */
export const usual = 'auto';

/** Falling by AUROC; docs/experiments/backbones.md has the figures. What was not measured is taken by its name alone. */
const byMeasure = ['efficientnet-b0', 'efficientnet-lite0', 'efficientnet-lite2', 'efficientnet-lite1'] as const;

export interface UsualBackbone {
  readonly name: string;
  /** Which, and why, in a sentence. */
  readonly statement: string;
}

/** Looks which files are there; a damaged one is found when it is opened. */
export function usualBackbone(): UsualBackbone {
  const rows = byMeasure.map((name) => namedBackbones.find((row) => row.name === name)!);
  const found = rows.find(isHere);
  if (found) {
    const licence = found.known!.licence;
    return {
      name: found.name,
      statement: `Backbone ${found.name} (${licence}), since its weights are on this machine; --backbone wavelet takes none.`,
    };
  }
  const [best] = byMeasure;
  return {
    name: 'wavelet',
    statement:
      `Backbone wavelet, since no better one's weights are on this machine; felfri backbone fetch ${best} ` +
      `(${knownBackbone(best)!.megabytes} MB, once) brings the one that found most.`,
  };
}
