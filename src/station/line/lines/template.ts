/** A message as a line of text by a template, such as `PART;{sequence};{decision}`. */
import { FelfriError } from '../../../core/errors.ts';

const WORD = /\{(\w+)\}/g;
const NO_SIGN = /[\p{L}\p{N}]/u;
/** What stands for a separator within a value: the first of these that is none itself. */
const STANDING_IN = ['_', '-', '.', '?', ' ', '*'];

/**
 * What a value must not hold: else a part called `7;OK` would be read as another field. Signs of words separate only where they stand beside a
 * field, such as the spaces of `PART {part} {decision}`.
 */
function separatorsOf(template: string): ReadonlySet<string> {
  const texts = template.split(/\{\w+\}/);
  const beside = texts.flatMap((text, i) => {
    const signs = [...text];
    return [...(i > 0 ? signs.slice(0, 1) : []), ...(i < texts.length - 1 ? signs.slice(-1) : [])];
  });
  const others = [...texts.join('')].filter((sign) => !/[ ._-]/.test(sign));
  return new Set([...beside, ...others].filter((sign) => !NO_SIGN.test(sign)));
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'object') return 'name' in value ? String(value.name) : JSON.stringify(value);
  return String(value);
}

/** Throws LINE_INVALID for a word that is no field, and for fields that nothing separates. */
export function requireFields(template: string, fields: readonly string[]): void {
  for (const [, word] of template.matchAll(WORD))
    if (!fields.includes(word!))
      throw new FelfriError(
        'LINE_INVALID',
        `{${word}} is no field; there are ${fields.map((f) => `{${f}}`).join(' ')}`,
      );
  const between = template.split(/\{\w+\}/).slice(1, -1);
  if (between.some((text) => [...text].every((sign) => NO_SIGN.test(sign))))
    throw new FelfriError(
      'LINE_INVALID',
      `no sign separates two fields of ${template}, so that one could be read as the other`,
    );
}

/** Signs that separate fields become `_` within values, or what else separates none; so do those that would end a line. */
export function lineOf(template: string, message: Readonly<Record<string, unknown>>): string {
  const separators = separatorsOf(template);
  const instead = STANDING_IN.find((sign) => !separators.has(sign)) ?? '';
  const safe = (text: string): string =>
    [...text].map((sign) => (separators.has(sign) || /[\p{C}\p{Zl}\p{Zp}]/u.test(sign) ? instead : sign)).join('');
  return template.replace(WORD, (_, word: string) => safe(textOf(message[word])));
}
