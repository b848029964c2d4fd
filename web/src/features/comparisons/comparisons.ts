/** Comparisons of detectors, as `felfri compare` left them at the station. */
import { addressOf } from '../../../../src/station/client/connection.ts';
import { call } from '../../api/client.ts';

export type { ComparisonProtocol, ComparisonRow } from '../../../../src/station/contract/comparisons.ts';

export const getComparisons = (signal?: AbortSignal) => call('listComparisons', { signal });

export const comparisonReportAddress = (name: string) => addressOf('getComparisonReport', { params: { name } });
