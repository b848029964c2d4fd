/**
 * Parts by Sparkplug B 3.0: the station is an edge node, its line a device. Data go by QoS 0, as the specification demands; so a part counts as
 * delivered once the broker has answered what was sent behind it on the same connection. What the broker's reader misses is not sent again.
 */
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { shownUrl } from '../../../../core/shown-url.ts';
import type { PartMessage, StateMessage } from '../../../contract/line.ts';
import type { Connector, LineTools } from '../../connector.ts';
import { drop, NOT_RETAINED, undelivered } from '../connection.ts';
import type { MqttSettings } from '../settings.ts';
import { noPart, partMetrics, REBIRTH, stateMetrics } from './metrics.ts';
import { encodePayload, type Metric, switchedOn } from './payload.ts';

const DEVICE = 'line';
const ACK_MILLIS = 10_000;
/** Between tries to connect. */
const AGAIN_MILLIS = 1000;

/** Of any start, so that a will of a session before is known to be that. */
let births = Math.floor(Date.now() / 1000) % 256;

class Sparkplug implements Connector {
  readonly #settings: MqttSettings;
  readonly #tools: LineTools;
  readonly #options: IClientOptions;
  #client: MqttClient | undefined;
  #problem = 'the broker was not reached yet';
  #timer: ReturnType<typeof setTimeout> | undefined;
  #bdSeq = 0;
  #seq = 0;
  /** When readers were told what there is, as performance.now() has it; null where they were not. */
  #bornAt: number | null = null;
  #hostAt = Number.NEGATIVE_INFINITY;
  #told = '';
  #isClosed = false;

  constructor(settings: MqttSettings, tools: LineTools, options: IClientOptions) {
    this.#settings = settings;
    this.#tools = tools;
    this.#options = options;
    this.#connect();
  }

  get connected(): boolean {
    return this.#client?.connected ?? false;
  }

  #topic(kind: string, device?: string): string {
    const { station } = this.#tools;
    return `spBv1.0/${this.#settings.group}/${kind}/${station}${device === undefined ? '' : `/${device}`}`;
  }

  get #hostTopic(): string {
    return `spBv1.0/STATE/${this.#settings.primaryHost}`;
  }

  #death(): Buffer {
    return encodePayload({ metrics: [{ name: 'bdSeq', type: 'Int64', value: this.#bdSeq }], at: Date.now() });
  }

  #connect(): void {
    births = (births + 1) % 256;
    this.#bdSeq = births;
    this.#bornAt = null;
    this.#hostAt = Number.NEGATIVE_INFINITY;
    const will = { topic: this.#topic('NDEATH'), payload: this.#death(), qos: 1, retain: false } as const;
    const client = mqtt.connect(this.#settings.url, { ...this.#options, will });
    this.#client = client;
    client.on('error', (error) => {
      this.#problem = error.message;
    });
    client.on('connect', () => void this.#begin(client));
    client.on('message', (topic, payload, { retain }) => {
      if (topic === this.#hostTopic) this.#hearHost(client, payload.toString());
      // a command that the broker kept was given to a session before
      else if (!retain) this.#hearCommand(client, payload);
    });
    client.once('close', () => {
      drop(client);
      if (this.#client === client) this.#client = undefined;
      if (!this.#isClosed) this.#timer = setTimeout(() => this.#connect(), AGAIN_MILLIS);
    });
  }

  async #begin(client: MqttClient): Promise<void> {
    const { primaryHost } = this.#settings;
    const topics = [this.#topic('NCMD'), ...(primaryHost === '' ? [] : [this.#hostTopic])];
    const isHeard = await client.subscribeAsync(topics, { qos: 1 }).then(
      () => true,
      () => false,
    );
    if (!isHeard) return drop(client);
    if (primaryHost === '') this.#bear(client);
    else if (this.#bornAt === null) this.#problem = `the primary host ${primaryHost} is not online`;
  }

  /** Tells readers what there is; whatever is numbered begins anew. */
  #bear(client: MqttClient): void {
    const state = this.#tools.state();
    this.#told = textOf(state);
    const node: Metric[] = [
      { name: 'bdSeq', type: 'Int64', value: this.#bdSeq },
      { name: REBIRTH, type: 'Boolean', value: false },
      ...stateMetrics(state),
    ];
    this.#seq = 0;
    this.#send(client, this.#topic('NBIRTH'), node);
    this.#send(client, this.#topic('DBIRTH', DEVICE), noPart());
    this.#bornAt = performance.now();
    this.#tools.retry();
  }

  #send(client: MqttClient, topic: string, metrics: readonly Metric[], at = Date.now(), isHistorical = false): void {
    const seq = this.#seq;
    this.#seq = (seq + 1) % 256;
    client.publish(topic, encodePayload({ metrics, at, seq, isHistorical }), { qos: 0 }, () => undefined);
  }

  #hearCommand(client: MqttClient, payload: Uint8Array): void {
    try {
      if (switchedOn(payload).includes(REBIRTH) && this.#bornAt !== null) this.#bear(client);
    } catch {
      // what is no command commands nothing
    }
  }

  /** While the primary host is away parts wait for it. */
  #hearHost(client: MqttClient, text: string): void {
    let said: { online?: unknown; timestamp?: unknown };
    try {
      said = JSON.parse(text) as typeof said;
    } catch {
      return;
    }
    const at = Number(said?.timestamp);
    // a will that comes late tells of a session before
    if (!(at >= this.#hostAt)) return;
    this.#hostAt = at;
    if (said.online === true && this.#bornAt === null) this.#bear(client);
    else if (said.online !== true && this.#bornAt !== null) void this.#die(client);
  }

  /** Says that it is gone, as the broker would, and connects again, to wait for the host. */
  async #die(client: MqttClient): Promise<void> {
    this.#bornAt = null;
    await Promise.race([
      client.publishAsync(this.#topic('NDEATH'), this.#death(), { qos: 1 }).catch(() => undefined),
      new Promise((resolve) => setTimeout(resolve, 1000).unref()),
    ]);
    drop(client);
  }

  async deliver(part: PartMessage, signal: AbortSignal): Promise<'delivered'> {
    const client = this.#client;
    const where = shownUrl(this.#settings.url);
    if (!client?.connected || this.#bornAt === null) throw undelivered(`no session at ${where}: ${this.#problem}`);
    // the system's clock may have been set back since the part was decided: no part of before is a present one
    const isPast = (this.#tools.momentOf(part.id)?.decidedAt ?? Number.NEGATIVE_INFINITY) < this.#bornAt;
    this.#send(client, this.#topic('DDATA', DEVICE), partMetrics(part), Date.parse(part.at), isPast);
    await this.#passed(client, signal);
    return 'delivered';
  }

  /** Resolves when the broker had all that was sent before: it answers in the order in which it is asked. */
  async #passed(client: MqttClient, signal: AbortSignal): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let broke = (): void => undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        broke = () => reject(signal.aborted ? (signal.reason as Error) : undelivered('the connection broke before the broker had it')); // biome-ignore format: one line
        client.once('close', broke);
        signal.addEventListener('abort', broke);
        timer = setTimeout(() => {
          reject(undelivered(`the broker answered nothing within ${ACK_MILLIS / 1000} s`));
          drop(client);
        }, ACK_MILLIS);
        client.subscribeAsync(this.#topic('NCMD'), NOT_RETAINED).then(() => resolve(), broke);
      });
    } finally {
      clearTimeout(timer);
      client.off('close', broke);
      signal.removeEventListener('abort', broke);
    }
  }

  tell(state: StateMessage): void {
    const client = this.#client;
    const text = textOf(state);
    if (!client?.connected || this.#bornAt === null || text === this.#told) return;
    this.#told = text;
    this.#send(client, this.#topic('NDATA'), stateMetrics(state));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    if (this.#client?.connected) await this.#die(this.#client);
    else if (this.#client) drop(this.#client);
  }
}

const textOf = ({ at: _, ...rest }: StateMessage): string => JSON.stringify(rest);

export const makeSparkplug = (settings: MqttSettings, tools: LineTools, options: IClientOptions): Connector =>
  new Sparkplug(settings, tools, options);
