/** Comparisons of detectors, as `felfri compare` left them at the station. */
import { addressOf } from '../../../src/station/client/connection.ts';
import { call } from './client.ts';

export type { Comparison, ComparisonProtocol, ComparisonRow } from '../../../src/station/contract/comparisons.ts';

export const getComparisons = () => call('listComparisons');

export const comparisonReportAddress = (name: string) => addressOf('getComparisonReport', { params: { name } });
