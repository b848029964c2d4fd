import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { csvLine, withoutFormula } from './csv.ts';

it('is read back as it was written, whatever the cells hold', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 2, maxLength: 6 }), (cells) => {
      expect(parse(`${csvLine(cells)}\n`, { relax_column_count: true })).toEqual([cells]);
    }),
  );
  expect(csvLine([null, 1.5, 'a "b", c'])).toBe(',1.5,"a ""b"", c"');
});

it('keeps a spreadsheet from taking a text for a formula', () => {
  expect(['=1+1', '+1', '-1', '@a', 'plain'].map(withoutFormula)).toEqual(["'=1+1", "'+1", "'-1", "'@a", 'plain']);
});
