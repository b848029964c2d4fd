/** What a station and its parts are as metrics of Sparkplug B, a row each. */
import type { PartMessage, StateMessage } from '../../../contract/line.ts';
import type { Metric, MetricType } from './payload.ts';

interface Row<T> {
  readonly name: string;
  readonly type: MetricType;
  readonly meaning: string;
  readonly of: (from: T) => Metric['value'];
}

export const REBIRTH = 'Node Control/Rebirth';

/** Of the edge node, which is the station. */
export const stateRows: readonly Row<StateMessage>[] = [
  { name: 'State/Ready', type: 'Boolean', meaning: 'whether an image that was sent now would be decided and recorded', of: ({ ready }) => ready }, // biome-ignore format: one line
  { name: 'State/Reason', type: 'String', meaning: 'what stands in the way', of: ({ reason }) => reason },
  { name: 'State/Degraded', type: 'String', meaning: 'alarms, one a line', of: ({ degraded }) => degraded.join('\n') },
  { name: 'Recipe/Id', type: 'String', meaning: 'of the active recipe', of: ({ recipe }) => recipe?.id ?? null },
  { name: 'Recipe/Name', type: 'String', meaning: 'of the active recipe', of: ({ recipe }) => recipe?.name ?? null },
  { name: 'Recipe/Revision', type: 'Int32', meaning: 'of the active recipe', of: ({ recipe }) => recipe?.revision ?? null }, // biome-ignore format: one line
];

/** Of the device, which is the line: its last part. */
export const partRows: readonly Row<PartMessage>[] = [
  { name: 'Part/Pass', type: 'Boolean', meaning: 'true where the decision is OK, and nowhere else', of: ({ pass, decision }) => pass && decision === 'OK' }, // biome-ignore format: one line
  { name: 'Part/Decision', type: 'String', meaning: 'OK, REVIEW, NG or NOT_INSPECTED', of: ({ decision }) => decision },
  { name: 'Part/Sequence', type: 'Int64', meaning: 'of the part at its station, without gaps', of: ({ sequence }) => sequence }, // biome-ignore format: one line
  { name: 'Part/Id', type: 'String', meaning: 'of the record: no other part ever has it', of: ({ id }) => id },
  { name: 'Part/ResultId', type: 'String', meaning: 'as the image named it', of: ({ resultId }) => resultId },
  { name: 'Part/Part', type: 'String', meaning: 'as the image named it', of: ({ part }) => part },
  { name: 'Part/Lot', type: 'String', meaning: 'as the image named it', of: ({ lot }) => lot },
  { name: 'Part/Recipe', type: 'String', meaning: 'id of the recipe that decided it', of: ({ recipe }) => recipe },
  { name: 'Part/Score', type: 'Double', meaning: 'larger is worse', of: ({ score }) => score },
  { name: 'Part/Threshold', type: 'Double', meaning: 'from which a score is NG', of: ({ threshold }) => threshold },
  { name: 'Part/Reason', type: 'String', meaning: 'why it is no OK, where more than the score says so', of: ({ reason }) => reason }, // biome-ignore format: one line
  { name: 'Part/Code', type: 'String', meaning: 'why it was not inspected', of: ({ code }) => code },
];

const metricsOf = <T>(rows: readonly Row<T>[], from: T): Metric[] =>
  rows.map(({ name, type, of }) => ({ name, type, value: of(from) }));

export const stateMetrics = (state: StateMessage): Metric[] => metricsOf(stateRows, state);
export const partMetrics = (part: PartMessage): Metric[] => metricsOf(partRows, part);

/** Of a birth: that there are these metrics. No part is OK by a birth. */
export const noPart = (): Metric[] =>
  partRows.map(({ name, type }) => ({ name, type, value: name === 'Part/Pass' ? false : null }));
