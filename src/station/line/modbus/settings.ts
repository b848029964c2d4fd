import { type Static, type TObject, Type } from '../../../core/schema.ts';
import { Listen, Port, windowSettings } from '../settings.ts';

/** What a register holds, but for 0. */
const RecipeNumber = Type.String({
  pattern: '^([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])$',
});

export const modbusSettings = {
  listen: Listen,
  port: Port(502),
  wordOrder: Type.Enum(['high-first', 'low-first'], {
    default: 'high-first',
    description: 'which word of a number of 32 bits comes first',
  }),
  ...windowSettings,
  validSeconds: Type.Number({
    default: 10,
    minimum: 0.1,
    maximum: 3600,
    description: 'older results are never shown, and one that is shown falls',
  }),
  recipes: Type.Record(RecipeNumber, Type.String(), {
    default: {},
    additionalProperties: Type.Never(),
    description: 'names or ids of recipes, by the numbers that the controller knows',
  }),
};

export type ModbusSettings = Static<TObject<typeof modbusSettings>>;
