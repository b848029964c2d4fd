/** What the settings of several connectors share. */
import { type Static, type TObject, Type } from '../../core/schema.ts';

/** 0 takes a free one. */
export const Port = (usual: number) =>
  Type.Integer({ default: usual, minimum: 0, maximum: 65_535, description: 'port to listen on' });

/** An empty one would be every address of the machine. */
export const Listen = Type.String({
  default: '127.0.0.1',
  minLength: 1,
  description: 'address to listen on; other machines need another',
});

/** Of outputs whose other side announces parts. */
export const windowSettings = {
  pairBy: Type.Enum(['part', 'order'], {
    default: 'part',
    description:
      'part: the image must name the part that the trigger announced; order: the next image after the trigger is its',
  }),
  windowMillis: Type.Integer({
    default: 2000,
    minimum: 10,
    maximum: 600_000,
    description: 'inspect window: from the trigger on; without a decision the part counts as not inspected',
  }),
};

export type WindowSettings = Static<TObject<typeof windowSettings>>;

/** Beside its kind, of every output. */
export const commonSettings = {
  keep: Type.Integer({
    default: 100_000,
    minimum: 10,
    maximum: 10_000_000,
    description: 'most parts that wait for it; beyond, the oldest are given up, with an alarm',
  }),
  alarmAt: Type.Integer({ default: 1000, minimum: 1, description: 'from so many that wait there is an alarm' }),
};
