/**
 * A published study (JASP's quality control module, data set of its attribute agreement analysis): black spots in the bores of 15 rings,
 * three people, three trials each. Y: none, the part passes. What R's irr gives of it stands in that module's tests.
 */
const rows = (text: string): boolean[][] => text.split(' ').map((trials) => [...trials].map((said) => said === 'Y'));

export const spotDecisions = {
  EG: rows('YYY NNN YYY YNN YYY YYY YYY NNN NNN YYY NNN YYY YYY NNN YYY'),
  BL: rows('YYY NNN YYY YNN YYY YYY NNN NNN NNN YYY NNN YYY YYY NNN YYY'),
  MH: rows('YYY YYY YYY YYY YYY YYY YYY NNY YNN YYY YNY YYY YYY NNN YYY'),
} as const;

/** Whether each part is good. */
export const spotReference: readonly boolean[] = rows('YNYYYNYNNYNYYYY')[0]!;
