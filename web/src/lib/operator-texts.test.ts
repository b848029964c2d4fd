import { expect, it } from 'vitest';
import { ageText } from '../state/line-view.ts';
import { type Language, languageOf, languages, texts } from './operator-texts.ts';

const all = Object.keys(languages) as Language[];

it('takes the first language of the browser that there is', () => {
  expect(languageOf(['fr-CH', 'de-CH', 'en'])).toBe('de');
  expect(languageOf(['zh-Hans-CN'])).toBe('zh');
  expect(languageOf(['fr'])).toBe('en');
  expect(languageOf([])).toBe('en');
});

it('says OK and NG alike everywhere, and no two outcomes by one word', () => {
  for (const language of all) {
    const { outcomes } = texts[language];
    expect([outcomes.OK, outcomes.NG]).toEqual(['OK', 'NG']);
    expect(new Set(Object.values(outcomes)).size).toBe(4);
  }
});

it('says an age in each', () => {
  expect(all.map((language) => ageText(130, texts[language]))).toEqual([
    '2 min ago',
    'vor 2 min',
    'för 2 min sedan',
    '2 分钟前',
  ]);
  expect(all.map((language) => ageText(0.4, texts[language]))).toEqual([
    'just now',
    'gerade eben',
    'alldeles nyss',
    '刚刚',
  ]);
});
