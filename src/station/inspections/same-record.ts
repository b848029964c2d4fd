/** Whether a record under a resultId is the one that is asked for. */
import { FelfriError } from '../../core/errors.ts';
import type { Inspection } from '../contract/inspections.ts';

interface Sent {
  readonly imageHash: string;
  readonly part?: string | null;
  readonly lot?: string | null;
  readonly product?: string | null;
  readonly recipe?: string | null;
  readonly reference?: string | null;
}

/** Throws CONFLICT when the record is of another image, part, lot, product or recipe than is stated: its decision is none on what was asked. */
export function requireSame(record: Inspection, sent: Sent): Inspection {
  const stated = ['part', 'lot', 'product', 'recipe', 'reference'] as const;
  const other =
    record.imageHash === sent.imageHash
      ? stated.find((field) => (sent[field] ?? null) !== null && record[field] !== sent[field])
      : 'image';
  if (other === undefined) return record;
  throw new FelfriError(
    'CONFLICT',
    `the resultId ${record.resultId} is on record with another ${other}; give every image a resultId of its own`,
    { subject: 'resultId' },
  );
}
