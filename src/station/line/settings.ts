/** What the settings of several connectors share. */
import { Type } from '../../core/schema.ts';

/** 0 takes a free one. */
export const Port = (usual: number) =>
  Type.Integer({ default: usual, minimum: 0, maximum: 65_535, description: 'port to listen on' });

/** An empty one would be every address of the machine. */
export const Listen = Type.String({
  default: '127.0.0.1',
  minLength: 1,
  description: 'address to listen on; other machines need another',
});

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
