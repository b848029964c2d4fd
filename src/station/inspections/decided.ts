/** Inspections among what is on record of parts. */
import type { Inspection } from '../contract/inspections.ts';
import type { PartRecord } from '../contract/not-inspected.ts';

export const isDecided = (record: PartRecord): record is Inspection => record.decision !== 'NOT_INSPECTED';
