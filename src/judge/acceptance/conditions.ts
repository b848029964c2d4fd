/** Under which conditions an acceptance was made: what a report asks for, and what was said. */

import { isLine } from '../../core/control-characters.ts';
import { FelfriError } from '../../core/errors.ts';

/** What is asked for, in the order of the report. */
export const conditionTitles = {
  part: 'Part, drawing and revision',
  supplier: 'Supplier of the inspection',
  customer: 'Customer',
  place: 'Place and line',
  period: 'Date and time of the test',
  sample: 'How the sample was drawn, and from what',
  reference: 'Who decided what each part is, and how',
  limitSamples: 'Limit samples: which, and who agreed on them',
  presentation: 'How parts were presented, and how often',
  camera: 'Camera, lens and working distance',
  light: 'Light, and its age',
  surroundings: 'Surrounding light, temperature, dirt',
  cycle: 'Parts a minute',
  training: 'Parts of training and threshold, and that none of them is in this test',
  operator: 'Who ran the test',
} as const;

export type Condition = keyof typeof conditionTitles;
export const conditionNames = Object.keys(conditionTitles) as Condition[];

export type Conditions = Readonly<Partial<Record<Condition, string>>>;

const MOST = 1000;

/** What a file says, as it was parsed. Throws OPTION_INVALID for a name that is not asked for, or a value that is no line of text. */
export function readConditions(said: unknown): Conditions {
  if (typeof said !== 'object' || said === null || Array.isArray(said))
    throw new FelfriError('OPTION_INVALID', `conditions are lines "name: text"; legal names are ${conditionNames.join(', ')}`, { subject: 'conditions' }); // biome-ignore format: one line
  for (const [name, value] of Object.entries(said)) {
    if (!Object.hasOwn(conditionTitles, name))
      throw new FelfriError('OPTION_INVALID', `conditions have no '${name}'; legal are ${conditionNames.join(', ')}`, {
        subject: 'conditions',
      });
    if (typeof value !== 'string' || value.length > MOST || !isLine(value))
      throw new FelfriError('OPTION_INVALID', `condition '${name}' is no line of text of up to ${MOST} characters; put numbers and dates in quotes`, { subject: 'conditions' }); // biome-ignore format: one line
  }
  return said as Conditions;
}
