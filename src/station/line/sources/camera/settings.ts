/** What sources that are cameras share. */
import { type Static, type TObject, Type } from '../../../../core/schema.ts';

export const cameraSettings = {
  take: Type.Enum(['trigger', 'rate', 'all'], {
    default: 'trigger',
    description:
      'which frames are inspected. trigger: one for each trigger, by HTTP or by an output; rate: one each `everySeconds`; all: each frame, as of a camera that is triggered itself',
  }),
  triggeredBy: Type.String({
    default: '',
    maxLength: 40,
    description:
      'name of the output (Modbus or OPC UA) whose triggers take a frame; empty: triggers come by HTTP alone',
  }),
  triggerMillis: Type.Integer({
    default: 2000,
    minimum: 10,
    maximum: 600_000,
    description: 'in which the frame of a trigger must come; without, the part counts as not inspected',
  }),
  latencyMillis: Type.Integer({
    default: 200,
    minimum: 0,
    maximum: 60_000,
    description:
      'how long a frame takes from its exposure to the station; one that came earlier after a trigger was exposed before it',
  }),
  everySeconds: Type.Number({ default: 1, minimum: 0.01, maximum: 86_400, description: 'see `take`' }),
  frameSeconds: Type.Number({
    default: 3,
    minimum: 0,
    maximum: 86_400,
    description: 'a camera that gives no frame for so long is an alarm, and is taken up again; 0: for ever',
  }),
  partLines: Type.Integer({
    default: 0,
    minimum: 0,
    maximum: 1_000_000,
    description: 'line-scan: lines of a part, from as many frames as it takes; 0: each frame is whole',
  }),
  patchLines: Type.Integer({
    default: 0,
    minimum: 0,
    maximum: 1_000_000,
    multipleOf: 2,
    description:
      'line-scan: lines of the patches that a part is cut into, each as wide as the frames; 0: it is not cut',
  }),
  patchOverlap: Type.Integer({
    default: 0,
    minimum: 0,
    maximum: 1_000_000,
    multipleOf: 2,
    description:
      'line-scan: lines that neighbouring patches share; more than the longest defect that must be seen whole',
  }),
};

/** What of these cannot be together. */
export function cameraFault({
  take,
  partLines,
  patchLines,
  patchOverlap,
}: CameraSettings): readonly ['take' | 'patchOverlap' | 'patchLines', string] | null {
  if (partLines > 0 && take === 'rate')
    return ['take', 'must not be "rate" with "partLines": strips follow each other'];
  if (patchLines > 0 && partLines === 0) return ['patchLines', 'needs "partLines"'];
  if (patchOverlap > 0 && patchOverlap >= patchLines) return ['patchOverlap', 'must be less than "patchLines"'];
  return null;
}

export type CameraSettings = Static<TObject<typeof cameraSettings>>;
