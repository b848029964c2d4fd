/** A shadow's table by hand, its rates, what it proves, and the page. */
import { expect, it } from 'vitest';
import { clopperPearson } from '../intervals.ts';
import { compareShadow, type ShadowCell } from './comparison.ts';
import { renderShadow } from './report.ts';
import { atMost, shadowProof } from './words.ts';

const cells: ShadowCell[] = [
  { deciding: 'OK', shadow: 'OK', label: null, count: 90 },
  { deciding: 'OK', shadow: 'NG', label: 'defective', count: 2 },
  { deciding: 'OK', shadow: 'NG', label: 'good', count: 1 },
  { deciding: 'OK', shadow: 'REVIEW', label: null, count: 1 },
  { deciding: 'REVIEW', shadow: 'REVIEW', label: 'good', count: 1 },
  { deciding: 'NG', shadow: 'NG', label: 'defective', count: 3 },
  { deciding: 'NG', shadow: 'OK', label: 'good', count: 1 },
  { deciding: 'NG', shadow: 'OK', label: 'defective', count: 1 },
];

it('counts both ways, and who is right where a person said so', () => {
  const found = compareShadow(cells);
  expect(found.table).toEqual({
    OK: { OK: 90, REVIEW: 1, NG: 3 },
    REVIEW: { OK: 0, REVIEW: 1, NG: 0 },
    NG: { OK: 2, REVIEW: 0, NG: 3 },
  });
  expect(found.changed).toEqual({ value: 0.06, count: 6, total: 100, interval: clopperPearson(6, 100, 0.95) });
  expect(found.changedOf.NG).toMatchObject({ count: 2, total: 5 });
  expect([found.stricter.count, found.milder.count]).toEqual([4, 2]);
  expect(found.stricterRight).toMatchObject({ count: 2, total: 3 });
  expect(found.milderRight).toMatchObject({ count: 1, total: 2 });
  expect(found.verdicts.deciding).toMatchObject({
    missed: { count: 2, total: 6 },
    falseAlarms: { count: 1, total: 3 },
  });
  expect(found.verdicts.shadow).toMatchObject({ missed: { count: 1, total: 6 }, falseAlarms: { count: 1, total: 3 } });
});

it('says what so many parts prove, rounded to the safe side', () => {
  // 1 - 0.05^(1/n)
  expect(atMost(0, 299)).toBe(0.01);
  expect(atMost(0, 298)).toBe(0.0101);
  expect([atMost(0, 0), atMost(5, 5)]).toEqual([1, 1]);
  const alike = shadowProof(compareShadow([{ deciding: 'OK', shadow: 'OK', label: null, count: 299 }]));
  expect(alike[0]).toBe('With 95 % confidence at most 1 % of such parts are decided otherwise (none of 299).');
  expect(alike.at(-1)).toContain('It says nothing of parts that were not seen');
  expect(alike).toContainEqual(expect.stringContaining('Nobody gave a verdict'));
  expect(shadowProof(compareShadow(cells))).toContainEqual(
    expect.stringMatching(/of such parts that are NG would have passed \(2 of 5\)\.$/),
  );
  expect(shadowProof(compareShadow([]))[0]).toBe('No part was judged by both, so nothing is shown.');
});

it('is a page that hides nothing and believes no name', () => {
  const page = renderShadow({
    title: 'Shadow',
    subject: 'Ended (done)',
    created: '2026-11-28T12:00:00Z',
    deciding: 'old',
    shadow: '<b>new</b>',
    problem: null,
    comparison: compareShadow(cells),
    proof: ['proved'],
    millis: { mean: 12, most: 40 },
    notJudged: [
      { reason: 'busy', count: 7 },
      { reason: 'never', count: 0 },
    ],
    changes: [
      {
        inspection: 'i-1',
        part: '<script>',
        createdAt: '2026-11-28T12:00:00Z',
        imageStored: true,
        label: 'good',
        deciding: { decision: 'NG', score: 2 },
        shadow: { decision: 'OK', score: 0.25 },
      },
    ],
    facts: [],
  });
  for (const text of [
    '2 parts that are NG would have passed: look at them',
    '7 parts were not judged',
    '1 of 6 are listed',
    'href="/#/records/i-1"',
    '&lt;script&gt;',
    '12 ms',
    'busy',
  ])
    expect(page).toContain(text);
  expect(page).not.toContain('<b>new</b>');
  expect(page).not.toContain('never');
});
