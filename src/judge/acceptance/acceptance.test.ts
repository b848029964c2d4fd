/** What so many parts show: against published tables of sample sizes and bounds that follow from the formula by hand. */
import { describe, expect, it } from 'vitest';
import type { Appraisal, Reference } from '../../data/appraisals/appraisal.ts';
import { acceptanceOf } from './acceptance.ts';
import { conditionNames, readConditions } from './conditions.ts';
import { renderAcceptance } from './report.ts';
import { acceptanceCautions, acceptanceText } from './words.ts';

const limits = { slip: 0.02, pseudoReject: 0.05, confidence: 0.95 };

interface Kind {
  readonly className: string;
  readonly count: number;
  /** What each presentation says, in turn. */
  readonly said: readonly string[];
  readonly limit?: boolean;
}

function study(kinds: readonly Kind[]) {
  const appraisals: Appraisal[] = [];
  const references: Reference[] = [];
  for (const { className, count, said, limit = null } of kinds)
    for (let i = 0; i < count; i++) {
      const part = `p${references.length}`;
      references.push({ part, good: className === 'good', className, limit });
      for (const each of said)
        appraisals.push({ part, appraiser: 'felfri 12345678', passed: each === 'OK', said: each });
    }
  return { appraisals, references, notes: [] };
}

const tested = (slips: number, found: number, alarms: number, passed: number) =>
  acceptanceOf(
    study([
      { className: 'scratch', count: slips, said: ['OK'] },
      { className: 'scratch', count: found, said: ['NG'] },
      { className: 'good', count: alarms, said: ['NG'] },
      { className: 'good', count: passed, said: ['OK'] },
    ]),
    limits,
  );

describe('a limit', () => {
  it('of 2 % is shown by 149 defective parts of which none passed, and by no fewer', () => {
    expect(0.98 ** 149).toBeLessThan(0.05);
    expect(0.98 ** 148).toBeGreaterThan(0.05);
    expect(tested(0, 149, 0, 59)).toMatchObject({ finding: 'shown', slip: { finding: 'shown' } });
    expect(tested(0, 148, 0, 59)).toMatchObject({ finding: 'open', slip: { finding: 'open' } });
    expect(tested(0, 149, 0, 58)).toMatchObject({ finding: 'open', pseudoReject: { finding: 'open' } });
  });

  it('takes as many parts as the tables of 95 % confidence say', () => {
    // such tables print 149, 236, 313, 386 for 98 % reliability and 59, 93, 124, 153 for 95 %
    const { slip, pseudoReject } = tested(1, 235, 0, 59);
    expect(slip.needed).toEqual([149, 236, 313, 386]);
    expect(pseudoReject.needed).toEqual([59, 93, 124, 153]);
    expect(slip.finding).toBe('shown');
    expect(tested(1, 234, 0, 59).slip.finding).toBe('open');
  });

  it('is broken where that is as sure as a proof would have to be', () => {
    // P(at least 3 of 40 pass | 2 %) = 0.0457, P(at least 2 of 40 pass) = 0.1905
    expect(tested(3, 37, 0, 59)).toMatchObject({ finding: 'broken', slip: { finding: 'broken' } });
    expect(tested(2, 38, 0, 59).slip.finding).toBe('open');
  });

  it('is open without a part, and bounded by 1 - 0.05^(1/n) where none was wrong', () => {
    const none = tested(0, 0, 0, 59);
    expect(none.slip).toMatchObject({ finding: 'open', rate: { value: null } });
    expect(acceptanceCautions(none).join()).toContain('nothing is known of slip');
    const { slip } = tested(0, 50, 0, 59);
    expect(slip.proof.atMost).toBeCloseTo(1 - 0.05 ** (1 / 50), 4);
    // Clopper and Pearson, two-sided: 1 - 0.025^(1/50)
    expect(slip.rate.interval!.high).toBeCloseTo(1 - 0.025 ** (1 / 50), 10);
  });
});

describe('a part', () => {
  it('counts once, as wrong if it was ever wrong; REVIEW and what was not inspected keep it out', () => {
    const result = acceptanceOf(
      study([
        { className: 'dent', count: 1, said: ['NG', 'OK', 'NG'], limit: true },
        { className: 'dent', count: 2, said: ['REVIEW', 'NG', 'not inspected'], limit: false },
        { className: 'good', count: 4, said: ['OK', 'OK', 'OK'], limit: false },
        { className: 'good', count: 1, said: ['OK', 'REVIEW', 'OK'], limit: true },
      ]),
      limits,
    );
    expect(result).toMatchObject({
      parts: 8,
      presentations: 24,
      review: 3,
      notInspected: 2,
      unsteady: ['p0', 'p7'],
      slip: { rate: { count: 1, total: 3 }, wrong: ['p0'] },
      pseudoReject: { rate: { count: 1, total: 5 }, wrong: ['p7'] },
      limitSamples: { right: { count: 0, total: 2 }, others: { count: 6, total: 6 } },
    });
    expect(result.classes.map(({ name, right }) => [name, right.count, right.total])).toEqual([['good', 4, 5], ['dent', 2, 3]]); // biome-ignore format: one line
  });

  it('needs a reference, and one inspector', () => {
    const own = study([{ className: 'good', count: 2, said: ['OK'] }]);
    const invalid = { code: 'APPRAISALS_INVALID' };
    expect(() => acceptanceOf({ ...own, references: [] }, limits)).toThrow(expect.objectContaining(invalid));
    const other = own.appraisals.map((one, i) => ({ ...one, appraiser: `felfri ${i}` }));
    expect(() => acceptanceOf({ ...own, appraisals: other }, limits)).toThrow(expect.objectContaining(invalid));
  });
});

describe('a report', () => {
  const input = {
    title: 'Acceptance',
    subject: 'Ring <b>7</b>',
    created: '2026-11-28T06:00:00Z',
    acceptance: tested(1, 148, 0, 59),
    conditions: readConditions({ camera: 'A <script>', light: 'ring light, 2 years old' }),
    inspected: [{ name: 'Inspector', value: 'felfri 12345678' }],
    files: [],
    versions: [],
  };

  it('has the words, the finding, what is proved, conditions said and unsaid, and lines to sign', () => {
    const page = renderAcceptance(input);
    expect(page).toBe(renderAcceptance(input));
    for (const words of [
      'Slip',
      'Pseudo-reject',
      'limit samples',
      'The test does not show that both limits are kept.',
      '149 with none, 236 with 1',
      'ring light, 2 years old',
      'not stated',
      'the supplier',
      'the customer',
      'It is no safety function.',
    ])
      expect(page).toContain(words);
    expect(page).not.toContain('<script>');
    expect(page).not.toContain('<b>7</b>');
    expect(acceptanceText(input.acceptance)).toContain('0.67 % (1 of 149; 0.02 % to 3.68 %): not shown (limit 2 %)');
  });

  it('takes conditions that are asked for, as lines of text', () => {
    expect(readConditions(Object.fromEntries(conditionNames.map((name) => [name, 'x'])))).toHaveProperty('operator');
    for (const bad of [null, [], 'text', { other: 'x' }, { light: 3 }, { light: 'two\nlines' }])
      expect(() => readConditions(bad)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
  });
});
