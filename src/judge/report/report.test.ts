import { expect, test } from 'vitest';
import { evaluate } from '../evaluation.ts';
import { counted, duration } from './format.ts';
import { html } from './html.ts';
import type { DetectorReport, ExampleMap, ReportInput } from './input.ts';
import { renderReport } from './report.ts';

const pixel =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';
const labels = [0, 0, 0, 1, 1, 1];
const scores = [0.1, 0.2, 0.6, 0.5, 0.7, 0.9];
const example: ExampleMap = {
  kind: 'miss',
  name: 'a.png',
  label: 'dent',
  score: 0.5,
  decision: 'OK',
  image: pixel,
  map: pixel,
};

function input(detector: Partial<DetectorReport> = {}, rest: Partial<ReportInput> = {}): ReportInput {
  const evaluation = evaluate({
    detector: 'flow',
    labels,
    scores,
    classNames: ['good', 'good', 'good', 'dent', 'dent', 'dent'],
    partGroups: [1, 2, 3, 4, 5, 6],
    threshold: 0.6,
    chosenOn: 'calibration',
    brightnessAuroc: 0.95,
  });
  return {
    title: 'A report',
    created: '2025-01-31T12:00:00Z',
    dataSet: { name: 'rings', recognised: ['Six images.'], split: ['By part.'], leak: ['No copy found.'] },
    detectors: [
      {
        evaluation,
        labels,
        scores,
        partGroups: ['1', '2', '3', '4', '5', '6'],
        pixels: null,
        thresholdStatement: null,
        trainingSeconds: null,
        inspectionMilliseconds: null,
        examples: [example],
        ...detector,
      },
    ],
    versions: [],
    hashes: [],
    ...rest,
  };
}

test('every text is escaped, wherever it stands', () => {
  const evil = `</title><script>alert("1")</script>' & <b>`;
  const text = renderReport(
    input(
      { thresholdStatement: evil, examples: [{ ...example, name: evil, label: evil }] },
      {
        title: evil,
        dataSet: { name: evil, recognised: [evil], split: [evil], leak: [evil] },
        versions: [{ name: evil, value: evil }],
        hashes: [{ name: evil, value: evil }],
      },
    ),
  );
  expect(text).not.toContain('<script');
  expect(text).toContain('&lt;/title&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39; &amp; &lt;b&gt;');
});

test('is one file: no address, no script, no style attribute; equal input gives equal text', () => {
  const text = renderReport(input());
  expect(text).not.toMatch(/https?:|<script|<link|@import|url\(|\sstyle=/);
  expect(renderReport(input())).toBe(text);
});

test('a picture that is no data URI is refused by name', () => {
  for (const image of ['https://example.org/a.png', 'data:text/html;base64,AAAA', `${pixel}" onload="x`]) {
    expect(() => renderReport(input({ examples: [{ ...example, image }] }))).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID', subject: 'a.png' }),
    );
  }
});

test('refuses no detector, scores that were not judged, and a date that is none', () => {
  expect(() => renderReport(input({}, { detectors: [] }))).toThrow(/at least one/);
  expect(() => renderReport(input({ scores: [1, 2] }))).toThrow(expect.objectContaining({ code: 'SCORES_INVALID' }));
  expect(() => renderReport(input({}, { created: 'yesterday' }))).toThrow(/ISO 8601/);
});

test('warns when brightness alone does about as well', () => {
  expect(renderReport(input())).toContain('flow is not clearly above mean brightness alone (AUC-ROC 0.950)');
  const without = input();
  const [detector] = without.detectors;
  const evaluation = { ...detector!.evaluation, brightnessAuroc: null };
  expect(renderReport({ ...without, detectors: [{ ...detector!, evaluation }] })).not.toContain('brightness');
});

test('misses come from the lowest score, whatever their order in the input', () => {
  const text = renderReport(
    input({ examples: [0.4, 0.2, 0.3].map((score) => ({ ...example, score, name: `at ${score}` })) }),
  );
  const order = [...text.matchAll(/class="file">at ([\d.]+)</g)].map((match) => match[1]);
  expect(order).toEqual(['0.2', '0.3', '0.4']);
});

test('scores with a long tail are drawn on a logarithmic axis, equal scores at all', () => {
  expect(renderReport(input({ scores: [0.01, 0.02, 0.03, 0.02, 100, 200] }))).toContain('(logarithmic)');
  const flat = renderReport(input({ scores: [0.6, 0.6, 0.6, 0.6, 0.6, 0.6] }));
  expect(flat).not.toContain('NaN');
});

test('markup is kept, lists are joined, null and false are left out', () => {
  expect(html`<p>${[html`<b>${'<'}</b>`, 1]}${null}${false}</p>`.text).toBe('<p><b>&lt;</b>1</p>');
});

test('counts and times in words', () => {
  expect([counted(1, 'image'), counted(1234, 'image')]).toEqual(['1 image', '1,234 images']);
  expect([0.0384, 0.5, 9, 59.99, 61, 3700].map(duration)).toEqual([
    '38.4 ms',
    '500 ms',
    '9.0 s',
    '60.0 s',
    '1 min 1 s',
    '1 h 1 min',
  ]);
});
