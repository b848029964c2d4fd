/** What Prometheus reads of a line with a source and outputs, one of which nobody answers. */
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { freePort, startLine } from '../../../test/support/line.ts';
import { until } from '../../../test/support/until.ts';
import { addLineMetrics, lineRows } from './line-metrics.ts';

const folder = temporaryFolders();

it('says of each source and output what it exchanged, what failed, what waits and since when', async () => {
  const port = await freePort();
  const nobody = await freePort();
  const outputs = {
    robot: { kind: 'lines', port, part: 'PART;{sequence}' },
    mes: { kind: 'webhook', url: `http://127.0.0.1:${nobody}/`, secret: 'x'.repeat(32) },
  };
  const line = await startLine(await folder(), outputs, 'press-7', { top: { kind: 'folder', path: await folder() } });
  await until(async () => (await line.line.check('robot')).ok, 'it listens');
  const client = connect(port, '127.0.0.1').setEncoding('utf8');
  try {
    client.on('data', (text: string) => {
      for (const [, sequence] of text.matchAll(/PART;(\d+)/g)) client.write(`ACK;${sequence}\n`);
    });
    await line.record('OK');
    await line.record('NG');
    await until(async () => (await line.told('robot')).delivered === 2, 'both are taken');
    await until(async () => (await line.told('mes')).failures > 0, 'nobody answers');
    await until(async () => (await line.line.told()).sources[0]!.connected, 'the folder is there');
    const register = new Registry();
    addLineMetrics(register, () => line.line.told());
    const text = await register.metrics();
    const of = (name: string, direction: string, one: string): number => {
      const found = text.split('\n').find((row) => row.startsWith(`felfri_line_${name}{direction="${direction}",name="${one}",`)); // biome-ignore format: one line
      return Number(found?.split(' ').at(-1));
    };
    expect([of('exchanges_total', 'output', 'robot'), of('waiting', 'output', 'robot')]).toEqual([2, 0]);
    expect([of('connected', 'output', 'robot'), of('connected', 'output', 'mes')]).toEqual([1, 0]);
    expect(of('last_exchange_age_seconds', 'output', 'robot')).toBeLessThan(60);
    expect([of('exchanges_total', 'output', 'mes'), of('waiting', 'output', 'mes')]).toEqual([0, 2]);
    expect(of('failures_total', 'output', 'mes')).toBeGreaterThan(0);
    expect(of('last_exchange_age_seconds', 'output', 'mes')).toBeNaN();
    expect([of('connected', 'source', 'top'), of('exchanges_total', 'source', 'top')]).toEqual([1, 0]);
    // a database that is away takes nothing else from who reads
    const away = new Registry();
    addLineMetrics(away, () => Promise.reject(new Error('away')));
    expect(await away.metrics()).not.toContain('name="robot"');
  } finally {
    client.destroy();
    await line.close();
  }
});

it('has whatever the dashboard asks for', async () => {
  const path = new URL('../../../examples/grafana-dashboard.json', import.meta.url);
  const asked = new Set((await readFile(path, 'utf8')).match(/felfri_line_[a-z_]+/g));
  const names: readonly string[] = lineRows.map(({ name }) => name);
  expect(asked.size).toBeGreaterThan(3);
  for (const name of asked) expect(names).toContain(name);
});
