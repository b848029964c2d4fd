/** How outputs connect to a broker. */
import { readFile } from 'node:fs/promises';
import type { IClientOptions, MqttClient } from 'mqtt';
import { FelfriError } from '../../../core/errors.ts';
import type { MqttSettings } from './settings.ts';

/** Of what the broker may send: acknowledgements are short. */
const MOST_PACKET = 64 * 1024;
const CONNECT_MILLIS = 5000;

/** Of a subscription: what was published before, and kept by the broker, is not wanted (MQTT 5, 3.8.3.1: retain handling 2). */
export const NOT_RETAINED = { qos: 1, rh: 2 } as const;

export const undelivered = (why: string, cause?: unknown): FelfriError =>
  new FelfriError('LINE_UNDELIVERED', why, { cause });

export async function optionsOf(settings: MqttSettings, clientId: string): Promise<IClientOptions> {
  const { username, password, caFile, keepAliveSeconds } = settings;
  return {
    protocolVersion: 5,
    clientId,
    clean: true,
    keepalive: keepAliveSeconds,
    properties: { maximumPacketSize: MOST_PACKET },
    connectTimeout: CONNECT_MILLIS,
    // a client that breaks is given up and another made, so that nothing it still holds is sent a second time
    reconnectPeriod: 0,
    queueQoSZero: false,
    ...(username !== '' && { username, password }),
    ...(caFile !== '' && { ca: await readFile(caFile) }),
  };
}

/** Ends with the connection, at once, and never throws: `end()` without force may never come back. */
export const drop = (client: MqttClient): void => {
  client.on('error', () => undefined);
  client.end(true);
};
