/** Comparisons that `felfri compare` left in the station's folder. */
import { Comparison, ComparisonList } from '../comparisons.ts';
import type { Rows } from './endpoint.ts';

export const comparisonRows = {
  listComparisons: { least: 'engineer', summary: 'All comparisons, newest first', answer: ComparisonList },
  getComparison: { least: 'engineer', summary: 'One comparison', answer: Comparison },
  getComparisonReport: {
    least: 'engineer',
    summary: 'Its report, as HTML',
    description: 'A sandboxed page: link to it in a window of its own, do not frame it.',
    content: ['text/html'],
  },
} as const satisfies Rows<'comparisons'>;
