/**
 * Words by which folders, columns and lists say what an image is. Whatever reads such a word looks here; docs/data-sets.md is made of
 * this table. Capital letters, accents, spaces, hyphens and underscores do not count, nor do words such as images
 * or parts, and a plural is its singular.
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
      'buona, goed, dobry, gute, fehlerfrei, fehlerfreie, mangelfrei, mangelfreie, defektfrei, defektfreie',
      'einwandfrei, bra, felfri, felfria, godkänd, godkända, nominal, clean',
      'flawless, undamaged, without defect, not defective, defect less, no damage, not damaged, unbroken, undefected',
      'piezas buenas, pezzi buoni, no crack, no cracks, without crack, without cracks, uncracked, no anomaly, def free, buone, bom, boa, conformi, conformes',
      'goedgekeurd, dobre, dobra, dobry, vyhovující, saglam, sağlam, годный, годные, годен, норма, 양품, 정상, 정상품',
      '良品, 良, 好, 好品, 合格, 合格品, 正常, 正常品, 无缺陷, 無缺陷',
    ],
  },
  defective: {
    holds: 'defective parts, whatever the defect',
    words: [
      'defective, defect, ng, nok, nio, ko, bad, anomaly, anomalies, anomalous, abnormal, notok, not good, no good, fail',
      'failed, failure, fault, faulty, reject, rejected, def front, schlecht, schlechtteil, schlechtteile, ausschuss, fehler',
      'fehlerhaft, defekt, mauvais, mauvaise, defaut, non conforme, malo, defecto, defectuoso, difetto, difettoso, scarto',
      'rebut, with defect, anomalie, nicht in ordnung, nicht ok, nicht gut, schlechte, fehlerhafte, mangelhaft, mangelhafte, defekte',
      'beschädigt, beschädigte, kaputt, defected, def part, piezas malas, pezzi difettosi, mala, malas, malos, ruim',
      'fout, afgekeurd, non conformi, não conforme, wadliwe, zle, złe, vadné, hatali, hatalı, kusurlu, брак, дефект, дефектные',
      '불량, 불량품, 결함, dålig, dåliga, felaktig, felaktiga',
      'underkänd, underkända, defekta, kasserad, kasserade, skadad, skadade, unacceptable, nonconforming, faulted, 不良, 不良品',
      '不合格, 不合格品, 缺陷, 有缺陷, 次品, 废品, 廢品, 瑕疵, 异常, 異常',
    ],
  },
  defect: {
    holds: 'parts with that kind of defect',
    words: [
      'scratch, crack, cracked, with crack, with cracks, void, porosity, dent, hole, chip, chipped, stain, contamination, dirt, dust, rust, corrosion, burr, pore, pit',
      'blowhole, fray, break, broken, bent, bend, cut, missing, misprint, print, color, colour, discoloration, poke, thread',
      'glue, squeeze, fold, wrinkle, bubble, inclusion, spot, line, damage, damaged, deformation, kratzer, riss, delle',
      'loch, fleck, bruch, beule, rost, grat, repa, repor, spricka, sprickor, buckla, bucklor, hål, fläck, fläckar, skada',
      'skador, rayure, fissure, rayon, grieta, graffio, 划痕, 劃痕, 划伤, 裂纹, 裂紋, 凹坑, 凹痕, 破损, 污渍, 脏污, 毛刺',
    ],
  },
  mask: {
    holds: 'masks',
    words: [
      'mask, ground truth, gt, label, segmentation, seg, annotation mask, segmentation mask, pixel label, maske, masken',
      'masker, masque, mascara, maschera, annotated mask, binary mask, mask image, 掩码, 掩膜, 遮罩',
    ],
  },
  train: { holds: "the publisher's training images", words: ['train, training'] },
  test: { holds: "the publisher's test images", words: ['test, testing, test public'] },
  validation: { holds: 'more images of the publisher, on neither side', words: ['validation, valid, val'] },
};

/** Letters that are no letter with an accent, as they are written where they are missing. */
const spelt: Readonly<Record<string, string>> = { ß: 'ss', ø: 'o', æ: 'ae', œ: 'oe', ł: 'l', đ: 'd' };

/** A word without what does not count. */
const plain = (word: string): string =>
  word
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[ßøæœłđ]/g, (letter) => spelt[letter]!)
    .replace(/[\s_./()-]+/g, '');

/** What a folder's name may add that says nothing: good parts, Gutbilder. */
const idle =
  /^\d+(?=\D)|(?<=..)(images?|imgs?|pictures?|photos?|parts?|samples?|pieces?|bilder|teile?|delar|图片|图像|样本|画像|写真)$/g;

const meanings = new Map(
  (Object.keys(words) as Meaning[]).flatMap((meaning) =>
    words[meaning].words.flatMap((line) => line.split(', ').map((word) => [plain(word), meaning] as const)),
  ),
);

/** What a word means, or undefined for one that is not in the table. */
export function meaningOf(word: string): Meaning | undefined {
  const look = (key: string): Meaning | undefined =>
    [key, key.replace(/(?<=..)e?s$/, ''), key.replace(/s$/, '')].map((one) => meanings.get(one)).find(Boolean);
  const whole = plain(word);
  const key = meanings.has(whole) ? whole : whole.replace(/^\d+(?=\D)/, '');
  const bare = look(key.replace(idle, ''));
  // color images are no images of a defect
  return look(key) ?? (bare === 'defect' ? undefined : bare);
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
