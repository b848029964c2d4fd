import { type Static, type TObject, Type } from '../../../core/schema.ts';
import { Listen, Port } from '../settings.ts';

export const linesSettings = {
  listen: Listen,
  port: Port(7360),
  part: Type.String({
    default: 'PART;{sequence};{resultId};{part};{decision}',
    minLength: 1,
    maxLength: 1000,
    description: 'a part as a line; words in braces are the fields of its message',
  }),
  state: Type.String({
    default: 'STATE;{ready};{recipe};{reason}',
    maxLength: 1000,
    description: 'the state as a line, at every change and each `stateSeconds`; empty for none',
  }),
  end: Type.Enum(['\r\n', '\n', '\r', '\u0003'], { default: '\r\n', description: 'what ends a line' }),
  stateSeconds: Type.Number({ default: 5, minimum: 1, maximum: 3600, description: 'seconds between lines of state' }),
  acknowledge: Type.Boolean({
    default: true,
    description: 'whether a part waits for the line ACK;SEQUENCE; without, a part counts once it left this machine',
  }),
  acknowledgeSeconds: Type.Number({
    default: 5,
    minimum: 0.1,
    maximum: 300,
    description: 'then the line is sent again',
  }),
};

export type LinesSettings = Static<TObject<typeof linesSettings>>;
