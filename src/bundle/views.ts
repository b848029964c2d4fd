/** What a model says of the views that its score is made of: its outputs `view.NAME`, two numbers each. Needs nothing of Node. */
import { type ViewOutput, viewOutput } from '../detectors/detector.ts';
import type { ViewName } from '../detectors/flow/weighting.ts';
import { type ViewScore, viewWords } from '../judge/reason.ts';

/** A view that a flow has and that has no words does not compile. */
const words: Readonly<Record<ViewName, string>> = viewWords;
const names = Object.keys(words) as ViewName[];

/** The outputs that a model may have. */
export const viewNames: readonly ViewOutput[] = names.map(viewOutput);

/** As much of a tensor as is looked at. */
interface Numbers {
  readonly data: ArrayLike<number | bigint | string>;
}

/** The views that a model's outputs hold, by their names; undefined where it has none, as those have not that were made before there were any. */
export function viewsIn(outputOf: (name: ViewOutput) => Numbers | undefined): ViewScore[] | undefined {
  const views = names.flatMap((view) => {
    const [rarity, weight] = Array.from(outputOf(viewOutput(view))?.data ?? [], Number);
    return rarity === undefined || weight === undefined ? [] : [{ view, rarity, weight }];
  });
  return views.length > 0 ? views : undefined;
}

/** The same as outputs. */
export const viewTensors = (views: readonly ViewScore[]) =>
  views.map(
    ({ view, rarity, weight }) => [viewOutput(view), { shape: [2], data: Float32Array.of(rarity, weight) }] as const,
  );
