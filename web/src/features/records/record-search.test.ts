import { expect, test } from 'vitest';
import { queryOf, searchFrom } from './record-search.ts';

test('an address becomes a query, both days included', () => {
  const search = searchFrom(
    new URLSearchParams('part=A-1*&decision=NG&from=2026-01-30&to=2026-01-31&minScore=0&feedback=none'),
  );
  expect(queryOf(search)).toEqual({
    part: 'A-1*',
    decision: 'NG',
    feedback: 'none',
    from: new Date(2026, 0, 30).toISOString(),
    to: new Date(2026, 1, 1).toISOString(),
    minScore: 0,
  });
});

test('what is illegal restricts nothing', () => {
  expect(
    queryOf(searchFrom(new URLSearchParams('decision=ok&from=today&minScore=x&maxScore=&feedback=1&lot=%20'))),
  ).toEqual({});
});
