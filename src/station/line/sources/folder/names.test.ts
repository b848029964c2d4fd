/** What names of files say: by templates, and what is refused. */
import { expect, it } from 'vitest';
import { fieldsOf, templateFault } from './names.ts';

const nothing = { part: null, lot: null, product: null, recipe: null, view: null };

it.each([
  ['{part}', 'ring034.png', { part: 'ring034' }],
  ['{part}', 'a.b/ring 034.tar.png', { part: 'ring 034.tar' }],
  ['{lot}_{part}', 'L7_ring_034.png', { lot: 'L7', part: 'ring_034' }],
  ['cam1-{part}-*', 'cam1-r34-20261128.pgm', { part: 'r34' }],
  ['*_{part}.top', 'x_r34.top.png', { part: 'r34' }],
  ['{recipe}/{lot}/{part}', 'rings/L7/r34.png', { recipe: 'rings', lot: 'L7', part: 'r34' }],
  ['{part}_{view}', 'r34_top.png', { part: 'r34', view: 'top' }],
  ['*', 'anything.png', {}],
])('%s of %s', (template, name, fields) => {
  expect(templateFault(template)).toBeNull();
  expect(fieldsOf(template, name)).toEqual({ ...nothing, ...fields });
});

it.each([
  ['{lot}_{part}', 'ring034.png'],
  ['{lot}_{part}', '_ring034.png'],
  ['{lot}_{part}', 'L7_.png'],
  ['{part}-end', 'ring034.png'],
  ['{part}', `${'x'.repeat(101)}.png`],
  ['{part}', 'a\nb.png'],
  ['{part}', ' .png'],
])('%s is not the name %s', (template, name) => {
  expect(() => fieldsOf(template, name)).toThrow(expect.objectContaining({ code: 'SOURCE_NAME' }));
});

it.each([
  ['{part}{lot}', 'nothing separates'],
  ['*{part}', 'nothing separates'],
  ['{prat}', 'has {prat}'],
  ['{part}_{part}', 'twice'],
  ['part', 'no field'],
])('refuses the template %s', (template, why) => {
  expect(templateFault(template)).toContain(why);
});

it('takes no time to speak of for a name that nearly fits', () => {
  // tried in all ways, it would take years
  expect(() => fieldsOf('*_*_*_*_*_*_{part}x', `${'_'.repeat(250)}.png`)).toThrow();
});
