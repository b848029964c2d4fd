/** Views of a part that were inspected, put on record with one that stands for the part. */
import type { Inspection } from '../../../contract/inspections.ts';
import type { Decided, Recorded } from '../../../inspections/inspecting.ts';
import { decidePart } from './decision.ts';
import { reasonOfView } from './reasons.ts';

/** A view that was inspected: now, or before and on record. */
export type View = Decided | Inspection;

const isNew = (view: View): view is Decided => 'picture' in view;

export const hashOf = (found: View): string => (isNew(found) ? found.inspection : found).imageHash;

interface ThereView {
  readonly view: string;
  readonly found: View;
}

/** Views whose picture is another view's, byte for byte: no two cameras give the same. */
export const copies = (there: readonly ThereView[]): string[] =>
  there.flatMap(({ view, found }, i) => {
    const other = there.slice(0, i).find((one) => hashOf(one.found) === hashOf(found));
    return other ? [`${view} is the same picture as ${other.view}`] : [];
  });

const stated = ['product', 'lot'] as const;

/** What the views state of their part and do not agree on: then they may be views of several parts of one name. */
const differences = (there: readonly ThereView[]): string[] =>
  stated.flatMap((field) => {
    const said = there.flatMap(({ found }) => (isNew(found) ? found.inspection : found)[field] ?? []);
    return new Set(said).size > 1 ? [`views of more than one ${field}`] : [];
  });

export interface PartRecorder {
  recordPart(views: readonly Decided[], part: Decided): Promise<Recorded>;
}

export interface PartOfViews {
  /** What is wrong with the views, such as `side missing`: then the part is not OK. */
  readonly faults: readonly string[];
  readonly ngViews: number;
  /** When the first came, as performance.now() has it. */
  readonly since: number;
}

/** Gives the record that stands for the part. `there` has at least one view. */
export async function recordViews(
  recorder: PartRecorder,
  there: readonly ThereView[],
  { faults, ngViews, since }: PartOfViews,
): Promise<Inspection> {
  const fresh = there.flatMap(({ view, found }, i) => (isNew(found) ? [{ view, found, i }] : []));
  // an image that is on record beside one that is new may be of another part, as of a camera that is frozen
  const old =
    fresh.length === 0 ? [] : there.filter(({ found }) => !isNew(found)).map(({ view }) => `new ${view} missing`);
  const judged = there.map(({ view, found }) => ({ view, inspection: isNew(found) ? found.inspection : found }));
  const { decision, reason, worst } = decidePart(judged, [...faults, ...old, ...differences(there)], ngViews);
  // the part went out with the last view of it that was recorded; a restart found them all again
  if (fresh.length === 0) return there[worst]!.found as Inspection;
  const last = fresh.find(({ i }) => i === worst) ?? fresh.at(-1)!;
  const others = fresh
    .filter((one) => one !== last)
    .map(({ view, found }) => ({
      ...found,
      inspection: { ...found.inspection, reason: reasonOfView(view, decision) },
    }));
  const inspection = {
    ...last.found.inspection,
    decision,
    reason,
    // from the first view on, so that a trigger between views has no such part
    millis: performance.now() - since,
    createdAt: new Date().toISOString(),
  };
  const cameAt = Math.min(...fresh.map(({ found }) => found.cameAt));
  return (await recorder.recordPart(others, { ...last.found, inspection, cameAt })).inspection;
}
