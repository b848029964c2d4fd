/** What the name of a file says of its part, by a template such as `{lot}_{part}`. */

import { isLine } from '../../../../core/control-characters.ts';
import { FelfriError } from '../../../../core/errors.ts';
import type { KnownImage } from '../source.ts';

export type NameFields = Pick<KnownImage, 'part' | 'lot' | 'product' | 'recipe' | 'view'>;

const FIELD = /\{(part|lot|product|recipe|view)\}|\*/;
/** As the records hold them. */
const LONGEST = 100;

/** Fields and stars stand at odd places, what separates them at even ones. */
const pieces = (template: string): string[] => template.split(/(\{\w*\}|\*)/);

/** Why a text is no template; null where it is one. */
export function templateFault(template: string): string | null {
  const all = pieces(template);
  const fields = all.filter((_, i) => i % 2 === 1);
  const unknown = fields.find((field) => !FIELD.test(field));
  if (unknown !== undefined) return `has ${unknown}; there are {part}, {lot}, {product}, {recipe}, {view} and *`;
  if (fields.length === 0) return 'has no field; there are {part}, {lot}, {product}, {recipe}, {view} and *';
  const twice = fields.find((field, i) => field !== '*' && fields.indexOf(field) !== i);
  if (twice !== undefined) return `has ${twice} twice`;
  if (all.slice(1, -1).some((between, i) => i % 2 === 1 && between === ''))
    return 'has two fields that nothing separates';
  return null;
}

const refuse = (name: string, why: string): FelfriError =>
  new FelfriError('SOURCE_NAME', `${JSON.stringify(name)} ${why}`, { subject: name });

/** Each field ends at the first place where what follows it stands; null where the text is not so. */
function match(template: string, text: string): Map<string, string> | null {
  const [first, ...rest] = pieces(template);
  if (!text.startsWith(first!)) return null;
  let left = text.slice(first!.length);
  const found = new Map<string, string>();
  for (let i = 0; i < rest.length; i += 2) {
    const [field, after] = [rest[i]!, rest[i + 1]!];
    const isLast = i + 2 >= rest.length;
    const least = field === '*' ? 0 : 1;
    const end = isLast ? left.length - after.length : left.indexOf(after, least);
    if (end < least || !left.startsWith(after, end)) return null;
    found.set(field, left.slice(0, end));
    left = left.slice(end + after.length);
  }
  return found;
}

/**
 * What the name of a file says; `name` is its path within the folder, with slashes. A template without a slash is of the last of its names.
 * Throws SOURCE_NAME where it says something else than the template wants, or what no record may hold.
 */
export function fieldsOf(template: string, name: string): NameFields {
  const file = template.includes('/') ? name : name.slice(name.lastIndexOf('/') + 1);
  const stem = file.replace(/\.[^./]*$/, '');
  const found = match(template, stem);
  if (!found) throw refuse(name, `is not named as ${template} wants`);
  for (const [field, text] of found)
    if (field !== '*' && (text.length > LONGEST || !isLine(text)))
      throw refuse(name, `gives a ${field.slice(1, -1)} of more than ${LONGEST} signs, or of signs that no name has`);
  const of = (field: string): string | null => found.get(`{${field}}`) ?? null;
  return { part: of('part'), lot: of('lot'), product: of('product'), recipe: of('recipe'), view: of('view') };
}
