/** MQTT through a real mosquitto that is killed, with nobody listening, and with a station that goes. */
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import mqtt, { type MqttClient } from 'mqtt';
import { afterEach, describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../../../test/support/folder.ts';
import { startLine, type TestLine } from '../../../../test/support/line.ts';
import { hasMosquitto, Mosquitto } from '../../../../test/support/mosquitto.ts';
import { until } from '../../../../test/support/until.ts';
import type { PartMessage, StateMessage } from '../../contract/line.ts';

const folder = temporaryFolders();
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** A plant that listens, with a session that the broker keeps. */
class Plant {
  readonly parts: PartMessage[] = [];
  readonly states: StateMessage[] = [];
  readonly client: MqttClient;
  readonly subscribed: Promise<unknown>;

  constructor(url: string, topics: readonly string[]) {
    this.client = mqtt.connect(url, {
      clientId: 'plant',
      clean: false,
      protocolVersion: 5,
      reconnectPeriod: 100,
      properties: { sessionExpiryInterval: 3600 },
    });
    this.client.on('error', () => undefined);
    this.client.on('message', (_, payload) => {
      const message = JSON.parse(payload.toString()) as PartMessage | StateMessage;
      if (message.type === 'part') this.parts.push(message);
      else this.states.push(message);
    });
    this.subscribed = this.client.subscribeAsync([...topics], { qos: 1 });
    ends.push(() => this.client.end(true));
  }

  get sequences(): number[] {
    return this.parts.map(({ sequence }) => sequence);
  }
}

async function start(settings: object = {}): Promise<{ broker: Mosquitto; line: TestLine }> {
  const broker = await Mosquitto.start(await folder());
  ends.push(() => broker.stop());
  const line = await startLine(await folder(), { plant: { kind: 'mqtt', url: broker.url, ...settings } });
  ends.push(() => line.close());
  return { broker, line };
}

const alarmsOf = ({ station }: TestLine): string[] =>
  station.alarms.all.filter(({ kind }) => kind === 'line').map(({ id }) => id);

it('lets a broker send it no long packets', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => server.close());
  const { port } = server.address() as { port: number };
  const line = await startLine(await folder(), { plant: { kind: 'mqtt', url: `mqtt://a:b@127.0.0.1:${port}` } });
  ends.push(() => line.close());
  const [socket] = (await once(server, 'connection')) as [Socket];
  ends.push(() => socket.destroy());
  const [packet] = (await once(socket, 'data')) as [Buffer];
  // MQTT 5, 3.1.2.11.4: identifier 39, then 4 bytes
  expect(packet.includes(Buffer.from([39, 0, 1, 0, 0]))).toBe(true);
  expect((await line.told()).address).toBe(`mqtt://127.0.0.1:${port}`);
});

describe.runIf(hasMosquitto)('the line by MQTT', () => {
  it('keeps a part while nobody subscribes, with an alarm, and gives it once somebody does', async () => {
    const { broker, line } = await start();
    await line.record('NG', { part: 'ring-7' });
    await until(async () => (await line.told()).problem !== null && (await line.told()).connected, 'nobody subscribes');
    expect(await line.told()).toMatchObject({
      waiting: 1,
      delivered: 0,
      problem: 'nobody subscribes to felfri/press-7/parts',
    });
    expect(alarmsOf(line)).toEqual(['plant: subscribers']);
    const plant = new Plant(broker.url, ['felfri/press-7/#']);
    await plant.subscribed;
    await until(async () => (await line.told()).delivered === 1, 'delivered');
    // the broker says that it has a part before it hands it on
    await until(() => plant.parts.length > 0, 'arrived');
    expect(plant.parts).toMatchObject([{ sequence: 1, decision: 'NG', pass: false, part: 'ring-7' }]);
    await until(() => alarmsOf(line).length === 0, 'the alarm is over');
    expect(plant.states[0]).toMatchObject({ type: 'state', online: true, station: 'press-7' });
  });

  it('loses nothing and keeps the order when the broker is stopped under it', async () => {
    const { broker, line } = await start();
    const plant = new Plant(broker.url, ['felfri/press-7/parts']);
    await plant.subscribed;
    for (let i = 0; i < 60; i++) {
      await line.record(i % 3 ? 'OK' : 'NG');
      if (i === 20) await broker.stop();
      if (i === 40) await broker.start();
    }
    await until(async () => (await line.told()).waiting === 0, 'all delivered');
    await until(() => new Set(plant.sequences).size === 60, 'all arrived');
    const first = plant.sequences.filter((sequence, i, all) => all.indexOf(sequence) === i);
    expect(first).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
    for (const { sequence, decision } of plant.parts) expect(decision).toBe((sequence - 1) % 3 ? 'OK' : 'NG');
  });

  it('waits for the word of its reader where that is asked for', async () => {
    const { broker, line } = await start({ acknowledge: true, acknowledgeSeconds: 0.5 });
    const plant = new Plant(broker.url, ['felfri/press-7/parts']);
    await plant.subscribed;
    // kept by the broker, as of an older data folder whose parts had the same numbers
    await plant.client.publishAsync('felfri/press-7/ack', JSON.stringify({ sequence: 1 }), { qos: 1, retain: true });
    await broker.stop();
    await line.record('NG');
    await line.record('OK');
    await broker.start();
    await until(() => plant.parts.length >= 2, 'sent again');
    expect(new Set(plant.sequences)).toEqual(new Set([1]));
    expect((await line.told()).delivered).toBe(0);
    plant.client.on('message', (_, payload) => {
      const { sequence } = JSON.parse(payload.toString()) as PartMessage;
      plant.client.publish('felfri/press-7/ack', JSON.stringify({ sequence }), { qos: 1 });
    });
    await until(async () => (await line.told()).delivered === 2, 'both acknowledged');
  });

  it('keeps no stopping station waiting for the word of its reader', async () => {
    const { broker, line } = await start({ acknowledge: true, acknowledgeSeconds: 300 });
    const plant = new Plant(broker.url, ['felfri/press-7/parts']);
    await plant.subscribed;
    await line.record('NG');
    await until(() => plant.parts.length === 1, 'the part');
    const begun = performance.now();
    await line.line.close();
    expect(performance.now() - begun).toBeLessThan(150_000);
    expect(await line.station.records.outbox.backlog('plant')).toBe(1);
  });

  it('tells who comes later of the state, and that the station has gone', async () => {
    const { broker, line } = await start();
    await until(async () => (await line.told()).connected, 'connected');
    const plant = new Plant(broker.url, ['felfri/press-7/state']);
    const expiries: unknown[] = [];
    plant.client.on('message', (_, __, { properties }) => expiries.push(properties?.messageExpiryInterval));
    await until(() => plant.states.length > 0, 'the retained state');
    // a broker that was killed with the station must not say for ever that it is there
    expect(expiries[0]).toBeGreaterThan(0);
    expect(plant.states.at(-1)).toMatchObject({ online: true, ready: false, recipe: null });
    await line.close();
    ends.splice(1, 1);
    await until(() => plant.states.at(-1)?.online === false, 'gone');
    expect(plant.states.at(-1)).toMatchObject({ online: false, ready: false });
  });

  it('says in its test whether the broker lets it in', async () => {
    const broker = await Mosquitto.start(await folder(), 'allow_anonymous false');
    ends.push(() => broker.stop());
    const line = await startLine(await folder(), { plant: { kind: 'mqtt', url: broker.url } });
    ends.push(() => line.close());
    const { ok, message } = await line.line.check('plant');
    expect([ok, message]).toEqual([false, expect.stringMatching(/Not authorized/)]);
    await line.record('OK');
    await until(async () => (await line.told()).problem?.includes('Not authorized') ?? false, 'the problem is told');
  });
});
