import { expect, test } from 'vitest';
import { exportAddress, filterOf, noSearch, searchFrom } from './audit-search.ts';

test('a form becomes a question, both days included to their last moment', () => {
  expect(filterOf({ ...noSearch, about: 'recipe', by: ' kim ', from: '2026-01-30', to: '2026-01-31' })).toEqual({
    about: 'recipe',
    by: 'kim',
    from: new Date(2026, 0, 30).toISOString(),
    to: new Date(new Date(2026, 1, 1).getTime() - 1).toISOString(),
  });
  expect(filterOf(noSearch)).toEqual({});
  const byHand = searchFrom(new URLSearchParams('about=constructor&from=today&subject=r1'));
  expect(filterOf(byHand)).toEqual({ subject: 'r1' });
});

test('the file is asked for by the same question', () => {
  expect(exportAddress({ about: 'user', by: 'kim' }, 'csv')).toBe('/api/audit/export?about=user&by=kim&format=csv');
});
