/** Problems as lines for a person: the first few of each code, and how many more there are. */
import type { Problem } from './listing.ts';

/** Problems of one code that are named each; all are in `--json`. */
export const namedProblems = 5;

/** How many images a problem leaves out. */
export const imagesOf = ({ name, images }: Problem): readonly string[] => images ?? [name];

export function problemLines(problems: readonly Problem[]): string[] {
  const byCode = new Map<string, Problem[]>();
  for (const problem of problems) byCode.set(problem.code, [...(byCode.get(problem.code) ?? []), problem]);
  return [...byCode].flatMap(([code, all]) => {
    const shown = all.slice(0, namedProblems).map(({ message }) => `${code} ${message}`);
    return all.length > namedProblems
      ? [...shown, `${code} of ${all.length - namedProblems} more; --json names all`]
      : shown;
  });
}
