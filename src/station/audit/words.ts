/** Words of which the sentences of the audit log are made. */
import type { AuditDetails, DataSetAction } from './details.ts';

/** Names of recipes, data sets and such by their ids, where they are known. */
export type Names = ReadonlyMap<string, string>;

export const quoted = (text: string): string => `"${text}"`;

/** Six significant digits: two thresholds that differ look different, and nobody reads seventeen. */
const plain = (value: number | null): string => (value === null ? 'none' : String(Number(value.toPrecision(6))));

export const withNote = (note: string | null): string => (note ? `, noting ${quoted(note)}` : '');
export const megabytes = (bytes: number): string => `${plain(bytes / 1e6)} MB`;
export const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

export function thresholdChange({ before, after }: AuditDetails['recipe.thresholds']): string {
  const change = (what: string, key: 'threshold' | 'review'): string =>
    `${what} from ${plain(before[key])} to ${plain(after[key])}`;
  return `${change('NG', 'threshold')}, ${change('REVIEW', 'review')}; it is revision ${after.revision}`;
}

const day = (time: string | null): string => String(time).slice(0, 10);

export function span({ from, to }: { readonly from: string | null; readonly to: string | null }): string {
  return day(from) === day(to) ? `of ${day(from)}` : `of ${day(from)} to ${day(to)}`;
}

type Labelled = AuditDetails[DataSetAction]['after'];

export function labelled(image: Labelled): string {
  if (image?.label === 'defective') return `defective (${image.className})`;
  return image?.label === 'good' ? 'good' : 'without a label';
}

export const short = (hash: string): string => hash.slice(0, 12);
