/**
 * Each part as an MQTT 5 message of QoS 1, one at a time, from the outbox: the client's own queue and store are never relied on. QoS 1 and not
 * 2, which mosquitto 2.0.11 loses in bursts; doubles are told by their id. The state is retained, and the broker itself says
 * that the station is gone (last will).
 */
import type { IClientOptions, MqttClient, Packet } from 'mqtt';
import mqtt from 'mqtt';
import { shownUrl } from '../../../core/shown-url.ts';
import type { PartMessage, StateMessage } from '../../contract/line.ts';
import type { Connector, LineTools } from '../connector.ts';
import { drop, NOT_RETAINED, optionsOf, undelivered } from './connection.ts';
import type { MqttSettings } from './settings.ts';

const NO_MATCHING_SUBSCRIBERS = 0x10;
const ACK_MILLIS = 10_000;
/**
 * For so long a broker keeps the state: where both were killed nobody publishes the last will, and who asks the broker afterwards must not be told
 * that the station is ready.
 */
const STATE_SECONDS = 60;
const REFRESH_MILLIS = 20_000;
/** Between tries to connect. */
const AGAIN_MILLIS = 1000;

/** The number of a message as it leaves, and what the broker says of it: mqtt.js tells no callback that nobody subscribes. */
class Acks {
  /** Of the part under way. */
  #number: number | undefined;
  reasonCode: number | undefined;

  constructor(client: MqttClient, topic: string) {
    client.on('packetsend', (packet: Packet) => {
      if (packet.cmd !== 'publish' || packet.topic !== topic) return;
      this.#number = packet.messageId;
      this.reasonCode = undefined;
    });
    client.on('packetreceive', (packet: Packet) => {
      if (packet.cmd === 'puback' && packet.messageId === this.#number) this.reasonCode = packet.reasonCode ?? 0;
    });
  }
}

class Mqtt implements Connector {
  readonly #settings: MqttSettings;
  readonly #tools: LineTools;
  readonly #options: IClientOptions;
  readonly #topics: Readonly<Record<'parts' | 'state' | 'ack', string>>;
  readonly #read = new Map<number, () => void>();
  #client: MqttClient | undefined;
  #acks: Acks | undefined;
  #problem = 'the broker was not reached yet';
  #timer: ReturnType<typeof setTimeout> | undefined;
  #told = '';
  #toldAt = Number.NEGATIVE_INFINITY;
  #isClosed = false;

  constructor(settings: MqttSettings, tools: LineTools, options: IClientOptions) {
    this.#settings = settings;
    this.#tools = tools;
    const root = `${settings.topic}/${tools.station}`;
    this.#topics = { parts: `${root}/parts`, state: `${root}/state`, ack: `${root}/ack` };
    this.#options = { ...options, will: { topic: this.#topics.state, payload: this.#gone(), qos: 1, retain: true } };
    this.#connect();
  }

  #gone(): Buffer {
    const { station } = this.#tools;
    const gone: StateMessage = {
      type: 'state',
      station,
      online: false,
      ready: false,
      reason: 'the station is gone',
      recipe: null,
      degraded: [],
      at: new Date().toISOString(),
    };
    return Buffer.from(JSON.stringify(gone));
  }

  get connected(): boolean {
    return this.#client?.connected ?? false;
  }

  #connect(): void {
    const client = mqtt.connect(this.#settings.url, { ...this.#options });
    this.#client = client;
    this.#acks = new Acks(client, this.#topics.parts);
    client.on('error', (error) => {
      this.#problem = error.message;
    });
    client.on('connect', () => {
      this.#told = '';
      this.tell(this.#tools.state());
      this.#tools.retry();
      if (this.#settings.acknowledge) client.subscribe(this.#topics.ack, NOT_RETAINED, () => undefined);
    });
    client.on('message', (topic, payload, { retain }) => {
      // what the broker kept acknowledges a part of before, perhaps of another start of the numbers
      if (topic === this.#topics.ack && !retain) this.#hear(payload.toString());
    });
    client.once('close', () => {
      drop(client);
      if (this.#client === client) this.#client = undefined;
      if (!this.#isClosed) this.#timer = setTimeout(() => this.#connect(), AGAIN_MILLIS);
    });
  }

  #hear(text: string): void {
    try {
      const { sequence } = JSON.parse(text) as { sequence?: number };
      if (typeof sequence === 'number') this.#read.get(sequence)?.();
    } catch {
      // what is no JSON acknowledges nothing
    }
  }

  async #publish(client: MqttClient, body: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const broke = (): void => reject(undelivered('the connection broke before the broker had it'));
      const timer = setTimeout(() => {
        // whether the broker has it is not known: with its connection it gives up what it still sends
        drop(client);
        reject(undelivered(`the broker acknowledged nothing within ${ACK_MILLIS / 1000} s`));
      }, ACK_MILLIS);
      client.once('close', broke);
      client.publish(this.#topics.parts, body, { qos: 1, properties: { contentType: 'application/json' } }, (error) => {
        clearTimeout(timer);
        client.off('close', broke);
        if (error) reject(undelivered(`the broker refused it: ${error.message}`, error));
        else resolve();
      });
    });
  }

  async deliver(part: PartMessage, signal: AbortSignal): Promise<'delivered'> {
    const client = this.#client;
    if (!client?.connected) throw undelivered(`no connection to ${shownUrl(this.#settings.url)}: ${this.#problem}`);
    const { acknowledge, acknowledgeSeconds, nobody } = this.#settings;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let stop = (): void => undefined;
    const read = new Promise<void>((resolve, reject) => {
      this.#read.set(part.sequence, resolve);
      const why = `nobody acknowledged it on ${this.#topics.ack} within ${acknowledgeSeconds} s`;
      if (acknowledge) timer = setTimeout(() => reject(undelivered(why)), acknowledgeSeconds * 1000);
      stop = () => reject(signal.reason as Error);
      signal.addEventListener('abort', stop);
    });
    read.catch(() => undefined);
    try {
      await this.#publish(client, JSON.stringify(part));
      const isUnread = this.#acks?.reasonCode === NO_MATCHING_SUBSCRIBERS;
      const unread = undelivered(`nobody subscribes to ${this.#topics.parts}`);
      if (isUnread) this.#tools.alarm('subscribers', unread);
      else this.#tools.over('subscribers');
      if (isUnread && nobody === 'wait') throw unread;
      if (acknowledge) await read;
      return 'delivered';
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      this.#read.delete(part.sequence);
    }
  }

  tell(state: StateMessage): void {
    const { at: _, ...rest } = state;
    const text = JSON.stringify(rest);
    const client = this.#client;
    const isFresh = performance.now() - this.#toldAt < REFRESH_MILLIS;
    if (!client?.connected || (text === this.#told && isFresh)) return;
    this.#told = text;
    this.#toldAt = performance.now();
    const properties = { contentType: 'application/json', messageExpiryInterval: STATE_SECONDS };
    const said = { qos: 1, retain: true, properties } as const;
    client.publish(this.#topics.state, JSON.stringify(state), said, (error) => {
      if (error) this.#told = '';
    });
  }

  /** Says that it is gone, as the broker would, and waits for no more than a second. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    const client = this.#client;
    if (!client) return;
    if (client.connected)
      await Promise.race([
        client.publishAsync(this.#topics.state, this.#gone(), { qos: 1, retain: true }).catch(() => undefined),
        new Promise((resolve) => setTimeout(resolve, 1000).unref()),
      ]);
    drop(client);
  }
}

const clientIdOf = ({ clientId }: MqttSettings, { station, name }: Pick<LineTools, 'station' | 'name'>): string =>
  clientId || `felfri-${station}-${name}`.slice(0, 65);

export async function makeMqtt(settings: MqttSettings, tools: LineTools): Promise<Connector> {
  const options = await optionsOf(settings, clientIdOf(settings, tools));
  if (settings.payload === 'json') return new Mqtt(settings, tools, options);
  return (await import('./sparkplug/sparkplug.ts')).makeSparkplug(settings, tools, options);
}

/** Connects under another name, so that the station at work stays connected. */
export async function checkMqtt(settings: MqttSettings, signal: AbortSignal): Promise<string> {
  const client = mqtt.connect(settings.url, await optionsOf(settings, `felfri-check-${process.pid}`));
  try {
    return await new Promise<string>((resolve, reject) => {
      const refuse = (why: string) => reject(undelivered(`${shownUrl(settings.url)}: ${why}`));
      client.once('connect', () => resolve(`${shownUrl(settings.url)} lets felfri in, with MQTT 5`));
      client.once('error', (error) =>
        refuse(error.message || (error as NodeJS.ErrnoException).code || 'it cannot be reached'),
      );
      client.once('close', () => refuse('it closed the connection'));
      signal.addEventListener('abort', () => refuse('it does not answer'), { once: true });
    });
  } finally {
    drop(client);
  }
}
