/** What ResultContent holds of a part, in this order. */
import type { PartMessage } from '../../contract/line.ts';

type Row = readonly [
  name: string,
  type: 'String' | 'Boolean' | 'Double' | 'UInt32',
  meaning: string,
  of: (part: PartMessage) => unknown,
];

export const resultContent = [
  ['Decision', 'String', 'OK, REVIEW, NG or NOT_INSPECTED', ({ decision }) => decision],
  [
    'Pass',
    'Boolean',
    'true where the decision is OK, and nowhere else',
    ({ pass, decision }) => pass && decision === 'OK',
  ],
  ['Score', 'Double', 'larger is worse; NaN where there is none', ({ score }) => score ?? Number.NaN],
  [
    'Threshold',
    'Double',
    'from which a score is NG; NaN where there is none',
    ({ threshold }) => threshold ?? Number.NaN,
  ],
  ['Sequence', 'UInt32', 'of the part at its station, without gaps', ({ sequence }) => sequence],
  ['Reason', 'String', 'why it is no OK, where more than the score says so', ({ reason }) => reason ?? ''],
  ['Code', 'String', 'why it was not inspected, as the HTTP interface names it', ({ code }) => code ?? ''],
  ['Lot', 'String', 'as the image named it', ({ lot }) => lot ?? ''],
] as const satisfies readonly Row[];
