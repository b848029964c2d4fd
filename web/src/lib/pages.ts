/** The pages in the order of their keys, and for whom each is. */
import type { Page } from './route.ts';

export interface PageEntry {
  readonly page: Page;
  readonly name: string;
  readonly key: string;
  /** Whether the service refuses to an operator what the page shows. */
  readonly forEngineers: boolean;
}

const named: readonly (readonly [page: Page, name: string, forEngineers?: true])[] = [
  ['live', 'Live'],
  ['records', 'Records'],
  ['review', 'Review'],
  ['threshold', 'Threshold', true],
  ['recipes', 'Recipes'],
  ['datasets', 'Data sets', true],
  ['training', 'Training', true],
  ['comparisons', 'Comparisons', true],
  ['audit', 'Audit', true],
];

export const pageEntries: readonly PageEntry[] = named.map(([page, name, forEngineers = false], i) => ({
  page,
  name,
  key: String(i + 1),
  forEngineers,
}));
