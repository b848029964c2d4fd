/** Two recipes on the same parts, of which one decided: how often the other decides otherwise, which way, and who is right by people's verdicts. */
import type { Decision } from '../decision.ts';
import { type Proportion, proportion } from '../decision-counts.ts';

const CONFIDENCE = 0.95;

export const decisions = ['OK', 'REVIEW', 'NG'] as const satisfies readonly Decision[];
const severity: Readonly<Record<Decision, number>> = { OK: 0, REVIEW: 1, NG: 2 };

/** Parts that were decided and judged alike. */
export interface ShadowCell {
  readonly deciding: Decision;
  readonly shadow: Decision;
  /** By a person's verdict; null where there is none. */
  readonly label: 'good' | 'defective' | null;
  readonly count: number;
}

type By<T> = Readonly<Record<Decision, T>>;

interface AgainstVerdicts {
  /** Share of OK among defective parts. */
  readonly missed: Proportion;
  /** Share of NG among good parts. */
  readonly falseAlarms: Proportion;
}

/** Rates have Clopper-Pearson intervals of 95 %. */
export interface ShadowComparison {
  /** Counts by the decision, and within that by the shadow's. */
  readonly table: By<By<number>>;
  readonly changed: Proportion;
  /** Of those that are OK, REVIEW and NG. */
  readonly changedOf: By<Proportion>;
  /** Toward NG, and toward OK; of all. */
  readonly stricter: Proportion;
  readonly milder: Proportion;
  /** Of those with a verdict, where the shadow is right. */
  readonly stricterRight: Proportion;
  readonly milderRight: Proportion;
  readonly verdicts: { readonly deciding: AgainstVerdicts; readonly shadow: AgainstVerdicts };
}

export function compareShadow(cells: readonly ShadowCell[]): ShadowComparison {
  const sum = (fits: (cell: ShadowCell) => boolean): number =>
    cells.filter(fits).reduce((all, { count }) => all + count, 0);
  const share = (of: (cell: ShadowCell) => boolean, fits: (cell: ShadowCell) => boolean): Proportion =>
    proportion(
      sum((cell) => of(cell) && fits(cell)),
      sum(of),
      CONFIDENCE,
    );
  const by = <T>(value: (decision: Decision) => T): By<T> => ({
    OK: value('OK'),
    REVIEW: value('REVIEW'),
    NG: value('NG'),
  });
  const all = (): boolean => true;
  const rise = ({ deciding, shadow }: ShadowCell): number => severity[shadow] - severity[deciding];
  const isChanged = (cell: ShadowCell): boolean => rise(cell) !== 0;
  const against = (side: 'deciding' | 'shadow'): AgainstVerdicts => ({
    missed: share(
      ({ label }) => label === 'defective',
      (cell) => cell[side] === 'OK',
    ),
    falseAlarms: share(
      ({ label }) => label === 'good',
      (cell) => cell[side] === 'NG',
    ),
  });
  return {
    table: by((deciding) => by((shadow) => sum((cell) => cell.deciding === deciding && cell.shadow === shadow))),
    changed: share(all, isChanged),
    changedOf: by((decision) => share(({ deciding }) => deciding === decision, isChanged)),
    stricter: share(all, (cell) => rise(cell) > 0),
    milder: share(all, (cell) => rise(cell) < 0),
    stricterRight: share(
      (cell) => rise(cell) > 0 && cell.label !== null,
      ({ label }) => label === 'defective',
    ),
    milderRight: share(
      (cell) => rise(cell) < 0 && cell.label !== null,
      ({ label }) => label === 'good',
    ),
    verdicts: { deciding: against('deciding'), shadow: against('shadow') },
  };
}
