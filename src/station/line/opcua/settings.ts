import { type Static, type TObject, Type } from '../../../core/schema.ts';
import { Listen, Port, windowSettings } from '../settings.ts';

export const opcuaSettings = {
  listen: Listen,
  port: Port(4840),
  host: Type.String({
    default: '',
    description:
      'name or address by which clients reach it, as its endpoints and certificate say; empty: listen, or the name of this machine',
  }),
  anonymous: Type.Boolean({
    default: false,
    description: 'whether clients without a name may read, acknowledge and start jobs; else a user of the station',
  }),
  trust: Type.Enum(['listed', 'any'], {
    default: 'listed',
    description:
      'listed: a client’s certificate must lie in opcua/NAME/pki/trusted/certs of the data folder; any: every one is taken',
  }),
  acknowledge: Type.Boolean({
    default: true,
    description:
      'whether a part waits until AcknowledgeResults names it; without, it counts once it is shown while a client is there',
  }),
  ...windowSettings,
  hold: Type.Integer({
    default: 1000,
    minimum: 1,
    maximum: 10_000,
    description:
      'most results that are shown at a time; further ones wait for an acknowledgement, or drive out the oldest',
  }),
};

export type OpcuaSettings = Static<TObject<typeof opcuaSettings>>;
