/** Published studies again: AIAG's shares, and what R's irr (by JASP's module) gives of the rings; intervals by statsmodels' `beta` method. */
import { describe, expect, it } from 'vitest';
import { spotDecisions, spotReference } from '../../../test/support/spot-inspection.ts';
import type { Appraisal, Reference } from '../../data/appraisals/appraisal.ts';
import { attributeAgreement } from './agreement.ts';
import { cautionsOf, proofsOf } from './cautions.ts';
import { gradeOf } from './limits.ts';
import { renderAgreement } from './report.ts';
import { agreementText } from './text.ts';

const references = spotReference.map(
  (good, i): Reference => ({ part: `p${i}`, good, className: good ? 'good' : 'spot', limit: null }),
);

const appraise = (appraiser: string, rows: readonly (readonly boolean[])[]): Appraisal[] =>
  rows.flatMap((trials, i) =>
    trials.map((passed) => ({ part: `p${i}`, appraiser, passed, said: passed ? 'OK' : 'NG' })),
  );

const rings = attributeAgreement({
  appraisals: Object.entries(spotDecisions).flatMap(([name, rows]) => appraise(name, rows)),
  references,
  notes: [],
});

/** One appraiser with so many parts of each kind and outcome; three equal trials. */
function made(kinds: readonly { good: boolean; passed: boolean; count: number }[], said = 'NG') {
  const parts = kinds.flatMap(({ count, ...kind }) => Array.from({ length: count }, () => kind));
  return attributeAgreement({
    appraisals: parts.flatMap(({ passed }, i) =>
      Array.from({ length: 3 }, () => ({ part: `p${i}`, appraiser: 'felfri', passed, said: passed ? 'OK' : said })),
    ),
    references: parts.map(({ good }, i) => ({
      part: `p${i}`,
      good,
      className: good ? 'good' : 'scratch',
      limit: i % 2 === 0,
    })),
    notes: [],
  });
}

describe('attributeAgreement', () => {
  it('counts parts as the published study does', () => {
    const counts = rings.appraisers.map(({ name, within, against }) => [
      name,
      within!.agreed.count,
      against!.effectiveness.count,
    ]);
    expect(counts).toEqual([
      ['EG', 14, 12],
      ['BL', 14, 11],
      ['MH', 12, 9],
    ]);
    expect(rings.between!.agreed.count).toBe(9);
    expect(rings.allAgainstReference!.count).toBe(7);
    // printed there as 68.052 to 99.831, and 21.267 to 73.414
    expect(rings.appraisers[0]!.within!.agreed.interval!.low).toBeCloseTo(0.68052, 5);
    expect(rings.appraisers[0]!.within!.agreed.interval!.high).toBeCloseTo(0.99831, 5);
    expect(rings.allAgainstReference!.interval!.low).toBeCloseTo(0.21267, 5);
    expect(rings.allAgainstReference!.interval!.high).toBeCloseTo(0.73414, 5);
  });

  it('gives the kappas of the published study', () => {
    const [EG, BL, MH] = rings.appraisers.map(({ against }) => against!.kappa!.value);
    expect(EG).toBeCloseTo(0.612903225806452, 12);
    expect(BL).toBeCloseTo(0.492307692307692, 12);
    expect(MH).toBeCloseTo(0.264150943396226, 12);
    expect(rings.between!.kappa!.value).toBeCloseTo(0.641666666666666, 12);
    // two at a time, by statsmodels
    const pairs = rings.between!.pairs.map(({ one, other, kappa }) => [`${one} ${other}`, kappa!.value.toFixed(9)]);
    expect(pairs).toEqual([
      ['EG BL', '0.862944162'],
      ['EG MH', '0.525205158'],
      ['BL MH', '0.425531915'],
    ]);
  });

  it('gives the shares of AIAG’s example: 84 %, 6.3 % and 4.9 % of appraiser A', () => {
    // 42 of 50 parts right; 16 defective parts with 3 of 48 decisions missed, 34 good ones with 5 of 102 false alarms
    const single = (i: number, wrongTrials: number, good: boolean): Appraisal[] =>
      [0, 1, 2].map((trial) => {
        const passed = trial < wrongTrials ? !good : good;
        return { part: `p${i}`, appraiser: 'A', passed, said: passed ? '1' : '0' };
      });
    const wrong = new Map([0, 1, 2, 16, 17, 18, 19, 20].map((part) => [part, 1]));
    const study = attributeAgreement({
      appraisals: Array.from({ length: 50 }, (_, i) => single(i, wrong.get(i) ?? 0, i >= 16)).flat(),
      references: Array.from({ length: 50 }, (_, i) => ({
        part: `p${i}`,
        good: i >= 16,
        className: i >= 16 ? 'good' : 'bad',
        limit: null,
      })),
      notes: [],
    });
    const { effectiveness, miss, falseAlarm, kappa } = study.appraisers[0]!.against!;
    expect(effectiveness).toMatchObject({ count: 42, total: 50, value: 0.84 });
    expect(effectiveness.interval!.low).toBeCloseTo(0.7088736934048891, 9);
    expect(effectiveness.interval!.high).toBeCloseTo(0.9282992328167138, 9);
    expect(miss.decisions).toMatchObject({ count: 3, total: 48 });
    expect(miss.decisions.interval!.low).toBeCloseTo(0.013079244409552646, 9);
    expect(miss.decisions.interval!.high).toBeCloseTo(0.17195993079057045, 9);
    expect(falseAlarm.decisions).toMatchObject({ count: 5, total: 102 });
    expect(falseAlarm.decisions.interval!.high).toBeCloseTo(0.11069566263552738, 9);
    expect(kappa!.value).toBeCloseTo(0.8787878787878788, 12);
    expect(
      [effectiveness.value, miss.decisions.value, falseAlarm.decisions.value].map((value, i) =>
        gradeOf((['effectiveness', 'miss', 'falseAlarm'] as const)[i]!, value),
      ),
    ).toEqual(['marginal', 'unacceptable', 'acceptable']);
  });

  it('proves a miss rate of 2 % by 149 defective parts, and not by 148', () => {
    const study = (defective: number) =>
      made([
        { good: false, passed: false, count: defective },
        { good: true, passed: true, count: 100 },
      ]);
    const enough = proofsOf(study(149).appraisers[0]!, 0.95)!;
    expect(enough.miss).toMatchObject({ proven: true, needed: 149, atMost: 0.02 });
    expect(enough.falseAlarm.proven).toBe(true);
    const few = proofsOf(study(148).appraisers[0]!, 0.95)!.miss;
    expect(few.proven).toBe(false);
    expect(few.text).toMatch(/none of 148 defective parts was missed.*takes 149 defective parts/);
  });

  it('counts REVIEW and what was not inspected as kept out, and says how many', () => {
    const study = made(
      [
        { good: true, passed: false, count: 2 },
        { good: false, passed: true, count: 1 },
      ],
      'REVIEW',
    );
    const { against, review } = study.appraisers[0]!;
    expect(review).toBe(6);
    expect(against!.falseAlarm.decisions.value).toBe(1);
    expect(against!.missed).toEqual(['p2']);
    expect(cautionsOf(study).join(' ')).toMatch(/6 decisions of felfri were REVIEW/);
    expect(agreementText(study)).toMatch(/unacceptable/);
  });

  it('is written as a page that escapes what it is given', () => {
    const page = renderAgreement({
      title: 'Rings <b>',
      subject: 'spots',
      created: '2026-11-28T00:00:00Z',
      study: rings,
      files: [{ name: 'rings.csv', value: 'ab12' }],
      versions: [],
    });
    expect(page).toContain('Rings &lt;b&gt;');
    expect(page).toMatch(
      /EG: With 95 % confidence the miss rate is at most [\d.]+ % \(1 of 5 defective parts was missed\)/,
    );
    expect(page).toContain('EG missed p5.');
    expect(page).not.toContain('NaN');
  });

  it('refuses appraisers who did not see every part equally often', () => {
    const appraisals = appraise('EG', spotDecisions.EG).slice(1);
    expect(() => attributeAgreement({ appraisals, references, notes: [] })).toThrow(
      expect.objectContaining({ code: 'APPRAISALS_INVALID' }),
    );
  });

  it('says nothing of right and wrong without references', () => {
    const study = attributeAgreement({ appraisals: appraise('EG', spotDecisions.EG), references: [], notes: [] });
    expect(study.appraisers[0]!.against).toBeNull();
    expect(study.references).toBeNull();
    expect(cautionsOf(study).join(' ')).toMatch(/no proof of quality/);
  });
});
