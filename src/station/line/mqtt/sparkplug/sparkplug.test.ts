/** Sparkplug B through a real mosquitto, read by another's decoder (pysparkplug). */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../../../../test/support/folder.ts';
import { startLine, type TestLine } from '../../../../../test/support/line.ts';
import { hasMosquitto, Mosquitto } from '../../../../../test/support/mosquitto.ts';
import { until } from '../../../../../test/support/until.ts';

const folder = temporaryFolders();
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

interface Said {
  readonly kind: string;
  readonly node: string;
  readonly device: string[];
  readonly seq: number;
  readonly bdSeq: number;
  readonly metrics: Record<string, unknown>;
  readonly types: Record<string, string>;
  readonly historical: string[];
  readonly qos: number;
  readonly retain: boolean;
}

class Host {
  readonly heard: Said[] = [];
  readonly #child: ChildProcess;

  constructor({ port }: Mosquitto, id?: string) {
    const script = fileURLToPath(new URL('../../../../../test/line/sparkplug_host.py', import.meta.url));
    const given = [script, String(port), ...(id === undefined ? [] : [id])];
    this.#child = spawn(`${process.env['FELFRI_TEST_LINE']}/bin/python`, given, { stdio: ['pipe', 'pipe', 'inherit'] });
    createInterface({ input: this.#child.stdout! }).on('line', (line) => this.heard.push(JSON.parse(line) as Said));
    ends.push(() => this.#child.kill());
  }

  of(kind: string): Said[] {
    return this.heard.filter((one) => one.kind === kind);
  }

  say(command: 'rebirth' | 'online' | 'offline'): void {
    this.#child.stdin!.write(`${command}\n`);
  }

  async until(kind: string, count: number): Promise<Said[]> {
    await until(() => this.of(kind).length >= count, `${count} ${kind}`);
    return this.of(kind);
  }
}

const outputOf = (broker: Mosquitto, settings: object = {}) => ({
  scada: { kind: 'mqtt', url: broker.url, payload: 'sparkplug', group: 'plant', ...settings },
});

async function begin(settings: object = {}, id?: string): Promise<{ broker: Mosquitto; host: Host; line: TestLine }> {
  const broker = await Mosquitto.start(await folder());
  ends.push(() => broker.stop());
  const host = new Host(broker, id);
  await host.until('subscribed', 1);
  const line = await startLine(await folder(), outputOf(broker, settings));
  ends.push(() => line.close());
  return { broker, host, line };
}

// .ci/run makes the environment where PyPI answers
describe.runIf(hasMosquitto && process.env['FELFRI_TEST_LINE'])('the line by Sparkplug B', () => {
  it('is born, tells parts and state in numbered messages, is born again on command, and dies', async () => {
    const { host, line } = await begin();
    const [node] = await host.until('NBIRTH', 1);
    const [device] = await host.until('DBIRTH', 1);
    expect([node!.node, node!.seq, device!.device, device!.seq]).toEqual(['press-7', 0, ['line'], 1]);
    expect(node!.metrics).toMatchObject({ 'Node Control/Rebirth': false, 'State/Ready': false, 'Recipe/Id': null });
    // no part is OK by a birth
    expect(device!.metrics).toMatchObject({ 'Part/Pass': false, 'Part/Decision': null });
    const ok = await line.record('OK', { part: 'ring-1', score: 1.5, threshold: 3.5, lot: 'L7' });
    await line.record('NG', { part: 'ring-2' });
    const data = await host.until('DDATA', 2);
    expect(data.map(({ metrics }) => [metrics['Part/Part'], metrics['Part/Decision'], metrics['Part/Pass']])).toEqual([
      ['ring-1', 'OK', true],
      ['ring-2', 'NG', false],
    ]);
    expect(data[0]!.metrics).toMatchObject({
      'Part/Id': ok.id,
      'Part/Score': 1.5,
      'Part/Lot': 'L7',
      'Part/Code': null,
    });
    expect(data[0]!.types).toMatchObject({ 'Part/Pass': 'BOOLEAN', 'Part/Score': 'DOUBLE', 'Part/Sequence': 'INT64' });
    for (const one of [node!, device!, ...data]) expect([one.qos, one.retain]).toEqual([0, false]);
    const numbered = () => host.heard.filter(({ kind }) => ['NBIRTH', 'DBIRTH', 'NDATA', 'DDATA'].includes(kind));
    expect(numbered().map(({ seq }) => seq)).toEqual(numbered().map((_, i) => i));
    await until(async () => (await line.told()).delivered === 2, 'both are noted');
    host.say('rebirth');
    const [, again] = await host.until('NBIRTH', 2);
    expect([again!.seq, again!.metrics['bdSeq']]).toEqual([0, node!.metrics['bdSeq']]);
    await line.close();
    ends.pop();
    const [death] = await host.until('NDEATH', 1);
    expect(death!.bdSeq).toBe(node!.metrics['bdSeq']);
  });

  it('keeps parts while the primary host is away, then tells them as past', async () => {
    const { host, line } = await begin({ primaryHost: 'scada-1' }, 'scada-1');
    // as of a clock that ran ahead and was set back since
    const createdAt = new Date(Date.now() + 3_600_000).toISOString();
    await line.record('OK', { part: 'ring-1', createdAt });
    await until(async () => (await line.told()).problem?.includes('scada-1 is not online') === true, 'it waits');
    host.say('online');
    const [birth] = await host.until('NBIRTH', 1);
    const [past] = await host.until('DDATA', 1);
    expect([past!.metrics['Part/Part'], past!.historical.includes('Part/Pass')]).toEqual(['ring-1', true]);
    await line.record('NG', { part: 'ring-2' });
    const [, present] = await host.until('DDATA', 2);
    expect([present!.metrics['Part/Part'], present!.historical]).toEqual(['ring-2', []]);
    await until(async () => (await line.told()).delivered === 2, 'both are noted');
    host.say('offline');
    const [death] = await host.until('NDEATH', 1);
    expect(death!.bdSeq).toBe(birth!.metrics['bdSeq']);
    await line.record('NG', { part: 'ring-3' });
    await until(async () => (await line.told()).problem?.includes('scada-1 is not online') === true, 'it waits again');
    host.say('online');
    const [, second] = await host.until('NBIRTH', 2);
    expect(second!.metrics['bdSeq']).toBe((Number(birth!.metrics['bdSeq']) + 1) % 256);
    const all = await host.until('DDATA', 3);
    expect(all.map(({ metrics }) => metrics['Part/Part'])).toEqual(['ring-1', 'ring-2', 'ring-3']);
  });

  it('loses no part where the broker is killed and the primary host comes back later', async () => {
    const { broker, host, line } = await begin({ primaryHost: 'scada-1' }, 'scada-1');
    host.say('online');
    await host.until('DBIRTH', 1);
    await broker.stop('SIGKILL');
    await line.record('NG', { part: 'ring-1' });
    await until(async () => (await line.told()).problem !== null, 'it is away');
    await broker.start();
    const again = new Host(broker, 'scada-1');
    await again.until('subscribed', 1);
    again.say('online');
    const [data] = await again.until('DDATA', 1);
    expect([data!.metrics['Part/Part'], data!.metrics['Part/Pass']]).toEqual(['ring-1', false]);
    await until(async () => (await line.told()).delivered === 1, 'it is noted');
  });
});
