/** The sequences of a detector taken together: the confusion matrix summed, the recall of each defect class. */
import { summarise } from '../comparison-summary.ts';
import { proportion } from '../decision-counts.ts';
import type { Evaluation } from '../evaluation.ts';
import type { Confusion } from '../metrics.ts';
import { counted, proportionCell } from './format.ts';
import { html, type Markup } from './html.ts';
import { summaryCell } from './table-one.ts';
import { confusionTable, scrolling } from './tables.ts';

/** The sequences of one detector. */
export interface Pool {
  readonly detector: string;
  readonly evaluations: readonly Evaluation[];
  /** Whether every sequence judged other images, so that their counts may be added as one experiment. */
  readonly disjoint: boolean;
}

/** Whether no image name stands in two lists. */
export function areDisjoint(lists: readonly (readonly string[])[]): boolean {
  const all = lists.flat();
  return new Set(all).size === all.length;
}

export function pooledConfusion({ detector, evaluations, disjoint }: Pool): Markup {
  const sum = (count: (evaluation: Evaluation) => number) => evaluations.reduce((n, e) => n + count(e), 0);
  const cell = (key: keyof Confusion) => sum(({ confusion }) => confusion[key]);
  const matrix = {
    detector,
    good: sum(({ good }) => good),
    defective: sum(({ defective }) => defective),
    confusion: { tp: cell('tp'), fp: cell('fp'), fn: cell('fn'), tn: cell('tn') },
  };
  const again = disjoint ? '' : ' (an image counts once for each sequence that judged it)';
  return confusionTable(
    matrix,
    evaluations.length === 1 ? '' : `, summed over ${counted(evaluations.length, 'sequence')}${again}`,
  );
}

function recallCell({ evaluations, disjoint }: Pool, name: string): Markup {
  const own = evaluations.flatMap((e) => e.classes.filter((c) => c.name === name));
  if (own.length === 0) return html`<td></td>`;
  if (!disjoint) {
    const recalls = own.map(({ recall }) => recall.value);
    return summaryCell(summarise(recalls), { expected: own.length });
  }
  const sum = (key: 'count' | 'total') => own.reduce((n, { recall }) => n + recall[key], 0);
  return proportionCell(proportion(sum('count'), sum('total'), evaluations[0]!.confidence));
}

/** Recall of each defect class: over all images where no image is judged twice, else its mean over the sequences. */
export function pooledClassTable(pools: readonly Pool[]): Markup {
  const names = [
    ...new Set(pools.flatMap(({ evaluations }) => evaluations.flatMap((e) => e.classes.map((c) => c.name)))),
  ].sort();
  const disjoint = pools.every((pool) => pool.disjoint);
  const images = (name: string) => {
    const counts = pools.map(({ evaluations }) =>
      evaluations.flatMap((e) => e.classes.filter((c) => c.name === name).map((c) => c.count)),
    );
    return Math.max(...counts.map((own) => (disjoint ? own.reduce((a, b) => a + b, 0) : Math.max(0, ...own))));
  };
  return scrolling(
    'Defect classes',
    html`<table class="classes">
<caption>Share of each defect class that was found at the threshold. ${
      disjoint
        ? 'All sequences together, each judged other images; beneath it the 95 % interval (Clopper-Pearson by image).'
        : 'Mean over the sequences, which judged the same images; beneath it standard deviation and range.'
    } AUC-ROC is that class against all good images, mean over the sequences.</caption>
<thead><tr><th scope="col">Defect class</th><th scope="col">Images</th>${pools.map(({ detector }) => html`<th scope="col">Recall, ${detector}</th><th scope="col">AUC-ROC, ${detector}</th>`)}</tr></thead>
<tbody>${names.map(
      (name) =>
        html`<tr><th scope="row">${name}</th><td>${images(name)}</td>${pools.map((pool) => {
          const areas = pool.evaluations.flatMap((e) => e.classes.filter((c) => c.name === name).map((c) => c.auroc));
          return html`${recallCell({ ...pool, disjoint }, name)}${summaryCell(summarise(areas), { expected: areas.length })}`;
        })}</tr>`,
    )}</tbody>
</table>`,
  );
}
