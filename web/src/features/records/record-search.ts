/** What somebody looks for among the records: as the form holds it, as the address says it, as the service is asked. */
import type { InspectionQuery } from '../../api/contract.ts';
import { midnight } from '../../lib/days.ts';

/** Everything as text, empty for no restriction; dates as `YYYY-MM-DD`, both included. */
export interface RecordSearch {
  part: string;
  lot: string;
  product: string;
  decision: string;
  feedback: string;
  from: string;
  to: string;
  minScore: string;
  maxScore: string;
}

const names = ['part', 'lot', 'product', 'decision', 'feedback', 'from', 'to', 'minScore', 'maxScore'] as const;
const decisions = ['OK', 'REVIEW', 'NG', 'NOT_INSPECTED'] as const;
const feedbacks = ['none', 'any', 'agree', 'false-alarm', 'missed', 'cannot-tell'] as const;

export function searchFrom(query: URLSearchParams): RecordSearch {
  return Object.fromEntries(names.map((name) => [name, query.get(name) ?? ''])) as unknown as RecordSearch;
}

const finite = (text: string) => (text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined);

/** What is illegal (an address can be written by hand) restricts nothing. */
export function queryOf(search: RecordSearch): InspectionQuery {
  const query = {
    part: search.part.trim() || undefined,
    lot: search.lot.trim() || undefined,
    product: search.product.trim() || undefined,
    decision: decisions.find((d) => d === search.decision),
    feedback: feedbacks.find((f) => f === search.feedback),
    from: midnight(search.from),
    to: midnight(search.to, 1),
    minScore: finite(search.minScore),
    maxScore: finite(search.maxScore),
  };
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));
}
