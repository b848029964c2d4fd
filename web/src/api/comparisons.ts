/** Comparisons of detectors, as `felfri compare` left them at the station. */
import type { ComparisonList } from '../../../src/station/contract/comparisons.ts';
import { at, get } from './client.ts';

export type { Comparison, ComparisonProtocol, ComparisonRow } from '../../../src/station/contract/comparisons.ts';

export function getComparisons(): Promise<ComparisonList> {
  return get('/api/comparisons');
}

export function comparisonReportAddress(name: string): string {
  return `/api/comparisons/${at(name)}/report`;
}
