/**
 * Words by which folders, columns and lists say what an image is. Whatever reads such a word looks here; docs/data-sets.md is made of
 * this table. Capital letters, accents, spaces, hyphens and underscores do not count, and a plural is its singular.
 */

type Meaning = 'good' | 'defective' | 'defect' | 'mask' | 'train' | 'test' | 'validation';

interface Row {
  /** What such a folder holds, for the documents. */
  readonly holds: string;
  readonly words: readonly string[];
}

export const words: Readonly<Record<Meaning, Row>> = {
  good: {
    holds: 'good parts',
    words: [
      'good, ok, okay, normal, free, pass, passed, fine, healthy, perfect, intact, accept, accepted, nondefective',
      'no defect, defect free, ok front, io, gut, gutteil, gutteile, in ordnung, bon, bonne, conforme, bueno, buena, buono',
      'buona, goed, dobry, 良品, 合格, 正常',
    ],
  },
  defective: {
    holds: 'defective parts, whatever the defect',
    words: [
      'defective, defect, ng, nok, nio, ko, bad, anomaly, anomalies, anomalous, abnormal, notok, not good, no good, fail',
      'failed, failure, fault, faulty, reject, rejected, def front, schlecht, schlechtteil, schlechtteile, ausschuss, fehler',
      'fehlerhaft, defekt, mauvais, mauvaise, defaut, non conforme, malo, defecto, defectuoso, difetto, difettoso, scarto',
      'rebut, 不良, 缺陷, 异常, 異常',
    ],
  },
  defect: {
    holds: 'parts with that kind of defect',
    words: [
      'scratch, crack, dent, hole, chip, chipped, stain, contamination, dirt, dust, rust, corrosion, burr, pore, pit',
      'blowhole, fray, break, broken, bent, bend, cut, missing, misprint, print, color, colour, discoloration, poke, thread',
      'glue, squeeze, fold, wrinkle, bubble, inclusion, spot, line, damage, damaged, deformation, kratzer, riss, delle',
      'loch, fleck, bruch, rayure, fissure, rayon, grieta, graffio, 划痕, 裂纹',
    ],
  },
  mask: {
    holds: 'masks',
    words: [
      'mask, ground truth, gt, label, segmentation, seg, annotation mask, segmentation mask, pixel label, maske, masken',
      'masque, mascara, maschera',
    ],
  },
  train: { holds: "the publisher's training images", words: ['train, training'] },
  test: { holds: "the publisher's test images", words: ['test, testing, test public'] },
  validation: { holds: 'more images of the publisher, on neither side', words: ['validation, valid, val'] },
};

/** A word without what does not count. */
const plain = (word: string): string =>
  word
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[\s_./-]+/g, '');

const meanings = new Map(
  (Object.keys(words) as Meaning[]).flatMap((meaning) =>
    words[meaning].words.flatMap((line) => line.split(', ').map((word) => [plain(word), meaning] as const)),
  ),
);

/** What a word means, or undefined for one that is not in the table. */
export function meaningOf(word: string): Meaning | undefined {
  const key = plain(word);
  return meanings.get(key) ?? meanings.get(key.replace(/(?<=..)e?s$/, '')) ?? meanings.get(key.replace(/s$/, ''));
}

export const isGoodName = (name: string): boolean => meaningOf(name) === 'good';
export const isDefectiveName = (name: string): boolean => meaningOf(name) === 'defective';
export const isMaskName = (name: string): boolean => meaningOf(name) === 'mask';

/** Whether a name says that parts are defective, by a word for all defects or for one kind. */
export const saysDefective = (name: string): boolean => ['defective', 'defect'].includes(meaningOf(name) ?? '');

/** The publisher's side that a folder or a column names. */
export function sideOf(name: string): 'train' | 'test' | 'validation' | undefined {
  const meaning = meaningOf(name);
  return meaning === 'train' || meaning === 'test' || meaning === 'validation' ? meaning : undefined;
}
