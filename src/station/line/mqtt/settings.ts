import { type Static, type TObject, Type } from '../../../core/schema.ts';

export const mqttSettings = {
  url: Type.String({ default: 'mqtt://127.0.0.1:1883', pattern: '^mqtts?://', description: 'the broker' }),
  topic: Type.String({
    default: 'felfri',
    pattern: '^[^#+\\u0000]{1,200}$',
    description: 'the topics begin so: TOPIC/STATION/parts, /state and /ack',
  }),
  payload: Type.Enum(['json', 'sparkplug'], {
    default: 'json',
    description:
      'json: messages of felfri, each delivered; sparkplug: Sparkplug B 3.0, whose data nobody acknowledges. topic, nobody and acknowledge are of json alone',
  }),
  group: Type.String({
    default: 'felfri',
    pattern: '^[^#+/\\u0000]{1,100}$',
    description: 'sparkplug: id of the group; the edge node is called as the station, its device `line`',
  }),
  primaryHost: Type.String({
    default: '',
    pattern: '^[^#+/\\u0000]{0,100}$',
    description: 'sparkplug: id of the host without which parts wait; empty: they wait for nobody',
  }),
  clientId: Type.String({ default: '', maxLength: 65, description: 'empty: felfri-STATION-NAME' }),
  username: Type.String({ default: '' }),
  password: Type.String({ default: '' }),
  caFile: Type.String({ default: '', description: 'certificate of the broker’s own authority (PEM), for mqtts' }),
  keepAliveSeconds: Type.Integer({
    default: 5,
    minimum: 1,
    maximum: 600,
    description: 'after one and a half of these without a sign of life the broker says that the station is gone',
  }),
  nobody: Type.Enum(['wait', 'pass'], {
    default: 'wait',
    description: 'what becomes of a part to which nobody subscribes: it waits, or counts as delivered',
  }),
  acknowledge: Type.Boolean({
    default: false,
    description: 'whether a part waits until its reader has published {"sequence": N} on TOPIC/STATION/ack',
  }),
  acknowledgeSeconds: Type.Number({ default: 10, minimum: 0.5, maximum: 300, description: 'then it is sent again' }),
};

export type MqttSettings = Static<TObject<typeof mqttSettings>>;
