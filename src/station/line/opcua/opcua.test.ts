/** The OPC UA output with a client that is another program (asyncua), and a server that is killed under it. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../../../test/support/folder.ts';
import type { OpcuaClient } from '../../../../test/support/opcua-client.ts';
import { opcuaClients, opcuaServers, openOpcua, type Started } from '../../../../test/support/opcua-station.ts';
import { activeRecipe, partPng, smallBundle } from '../../../../test/support/station.ts';
import { until } from '../../../../test/support/until.ts';

const folder = temporaryFolders();
const connect = opcuaClients();

// .ci/run makes the environment where PyPI answers
describe.runIf(process.env['FELFRI_TEST_LINE'])('with a client by asyncua', () => {
  // one start for those that need no settings of their own
  const settings = { anonymous: true, windowMillis: 4000 };
  let shared: Started;
  beforeAll(async () => {
    shared = await openOpcua(await folder(), settings);
  });
  afterAll(() => shared?.line.close());

  const idsOf = async (client: OpcuaClient) =>
    (await client.call('M:ResultManagement', 'GetResultIdListFiltered'))[1] as string[];

  it('has every mandatory node, and no method that does not answer', async () => {
    const { line, url } = shared;
    const { id } = await line.record('OK');
    const client = await connect(url);
    const found = await client.ask<{
      walked: number;
      missing: string[];
      methods: Record<string, unknown>;
      variables: Record<string, string>;
    }>('walk');
    expect(found.error).toBeUndefined();
    expect(found.missing).toEqual([]);
    expect(found.walked).toBeGreaterThan(20);
    expect(Object.keys(found.methods).length).toBeGreaterThan(20);
    // anonymous clients are operators: to change the recipe takes an engineer
    const refused = Object.entries(found.methods).filter(([, error]) => typeof error !== 'number' && error !== null);
    const engineers = ['PrepareRecipe', 'UnprepareRecipe', 'ActivateConfiguration', 'Prepare', 'Unprepare'];
    expect(refused.filter(([path]) => !engineers.some((name) => path.endsWith(`:${name}`)))).toEqual([]);
    for (const [, error] of refused) expect(error).toBe('BadUserAccessDenied');
    expect(await client.call('M:ResultManagement', 'AcknowledgeResults', [id])).toEqual([[0], 0]);
    // the server outlives whatever number of items on one node
    for (let i = 0; i < 3; i++) expect((await client.ask('listen')).error).toBeUndefined();
    // and does not take more of them than its library bears
    expect(await client.ask('watch', { subscriptions: 6, items: 900 })).toMatchObject({ taken: 4000 - 18 });
    expect(await idsOf(client)).toEqual([]);
  });

  it('shows each part by both specifications, tells of it, and keeps it until it is acknowledged', async () => {
    const { line, url } = shared;
    const client = await connect(url);
    expect((await client.ask('listen')).error).toBeUndefined();
    const ok = await line.record('OK', { part: 'ring-1', score: 1.5, threshold: 3.5 });
    const ng = await line.record('NG', { part: 'ring-2', resultId: 'shot-2', score: 96.8, threshold: 3.5 });
    const review = await line.record('REVIEW', { part: 'ring-3' });
    const known = {
      resultId: null,
      part: 'ring-4',
      lot: null,
      product: null,
      recipe: null,
      imageHash: null,
      millis: 0,
    };
    await line.station.notInspected.note(
      known,
      Object.assign(new Error('too late'), { code: 'LINE_LATE' }) as never,
      'late',
    );
    const results = () => client.events.filter(({ ResultContent }) => ResultContent !== undefined);
    await until(() => results().length === 4, 'four events');
    const decisions = results().map(({ ResultContent, ResultState, PartId }) => [
      (PartId as { Id: string }).Id,
      (ResultContent as unknown[])[0],
      (ResultContent as unknown[])[1],
      ResultState,
    ]);
    expect(decisions).toEqual([
      ['ring-1', 'OK', true, 1],
      ['ring-2', 'NG', false, 1],
      ['ring-3', 'REVIEW', false, 1],
      ['ring-4', 'NOT_INSPECTED', false, 4],
    ]);
    expect((results()[1]!['ResultId'] as { Id: string }).Id).toBe(ng.id);
    expect((results()[1]!['MeasId'] as { Id: string }).Id).toBe('shot-2');
    // the same by OPC 40001-101: OK is 1, and nothing else is
    const machinery = client.events.flatMap(({ Result }) => (Result ? [Result as MachineryResult] : []));
    expect(machinery.map(({ ResultMetaData: of }) => [of.PartId, of.ResultEvaluation, of.ResultState])).toEqual([
      ['ring-1', 1, 1],
      ['ring-2', 2, 1],
      ['ring-3', 3, 1],
      ['ring-4', 3, 4],
    ]);
    const [, latest, error] = (await client.call('M:ResultManagement', 'GetLatestResult')) as [
      number,
      MachineryResult,
      number,
    ];
    expect([latest.ResultMetaData.PartId, latest.ResultMetaData.ResultEvaluation, error]).toEqual(['ring-4', 3, 0]);
    const [, vision] = (await client.call('ResultManagement', 'GetResultById', ng.id)) as [number, VisionResult];
    expect([vision.PartId.Id, vision.ResultContent.slice(0, 4)]).toEqual(['ring-2', ['NG', false, 96.8, 3.5]]);
    const [, count] = await client.call(
      'ResultManagement',
      'GetResultListFiltered',
      0,
      '',
      'ring-3',
      ...Array<string>(6).fill(''),
      0,
      0,
      0,
    );
    expect(count).toBe(1);
    const before = (await line.told()).delivered;
    expect((await line.told()).waiting).toBe(4);
    const acknowledged = await client.call('M:ResultManagement', 'AcknowledgeResults', [ok.id, 'nosuch', review.id]);
    expect(acknowledged).toEqual([[0, -1, 0], 0]);
    expect(await line.told()).toMatchObject({ waiting: 2, delivered: before + 2 });
    const [, gone, code] = await client.call('M:ResultManagement', 'GetResultById', ok.id);
    expect([(gone as MachineryResult).ResultMetaData.ResultEvaluation ?? 0, code]).toEqual([0, -1]);
    await client.call('M:ResultManagement', 'AcknowledgeResults', await idsOf(client));
  });

  it('runs jobs: each part that is announced gets one result with its JobId, and never another part’s', async () => {
    const { line, url } = shared;
    await activeRecipe(line, await smallBundle(await folder(), 2), 'passes');
    const client = await connect(url);
    const automatic = 'VisionStateMachine/AutomaticModeStateMachine';
    const stateNow = async () =>
      (await client.ask<{ value: string }>('read', { path: `${automatic}/CurrentState` })).value;
    const start = async (method: string, ...ids: unknown[]) => {
      const [job, error] = (await client.call(automatic, method, ...ids)) as [{ Id: string | null }, number];
      return error === 0 ? job.Id! : error;
    };
    const image = await partPng(3);
    const send = (part: string) =>
      line.app.inject({
        method: 'POST',
        url: `/api/inspections?part=${part}`,
        payload: image,
        headers: { 'content-type': 'image/png' },
      });
    const results = () =>
      client.events
        .filter(({ ResultContent }) => ResultContent !== undefined)
        .map((of) => {
          const [decision, pass] = of['ResultContent'] as unknown[];
          const [part, job, meas] = ['PartId', 'JobId', 'MeasId'].map(
            (name) => (of[name] as { Id: string } | null)?.Id,
          );
          return [part, decision, pass, of['ResultState'], job, meas];
        });
    const resultsOf = (part: string) => results().filter(([one]) => one === part);
    await until(async () => (await stateNow()) === 'Ready', 'ready');
    expect((await client.ask('listen')).error).toBeUndefined();

    expect(await start('StartSingleJob', 'run-1', '')).toBe(-7);
    expect(await start('StartSingleJob', 'run-1', 'job-1', 'rings')).toBe(-8);
    expect(await start('StartSingleJob', 'run-1', 'job-1', 'passes', 'product')).toBe(-1);
    expect(await start('StartSingleJob', 'run-1', 'job-1', 'passes', '', ['more'])).toBe(-6);
    const first = await start('StartSingleJob', 'run-1', 'job-1', 'passes');
    expect(await stateNow()).toBe('SingleExecution');
    expect(await start('StartSingleJob', '', 'job-2')).toBe(-3);
    expect(await start('StartContinuous')).toBe(-3);
    await send('other');
    await send('job-1');
    await until(() => resultsOf('job-1').length > 0, 'the result');
    expect(results()).toEqual([
      ['other', 'OK', true, 1, '', expect.any(String)],
      ['job-1', 'OK', true, 1, first, 'run-1'],
    ]);
    const told = () =>
      client.events.flatMap(({ Message, JobId }) => (Message?.includes(' job') ? [[Message, (JobId as { Id: string }).Id]] : [])); // biome-ignore format: one line
    await until(() => told().length === 2, 'both events');
    expect(told()).toEqual([
      ['a single job started', first],
      ['ready after a single job', first],
    ]);
    expect(await stateNow()).toBe('Ready');
    expect(await client.call(automatic, 'Stop')).toEqual([-3]);

    // no image in the window; then its image, which is nobody's
    const second = await start('StartSingleJob', '', 'job-2');
    await until(() => resultsOf('job-2').length > 0, 'the window ends');
    await send('job-2');
    await until(() => resultsOf('job-2').length > 1, 'the image that is late');
    expect(resultsOf('job-2').map((one) => one.slice(1, 5))).toEqual([
      ['NOT_INSPECTED', false, 4, second],
      ['OK', true, 1, ''],
    ]);

    const third = await start('StartSingleJob', '', 'job-3');
    expect(await client.call(automatic, 'Abort')).toEqual([0]);
    expect(await stateNow()).toBe('Ready');
    await until(() => resultsOf('job-3').length > 0, 'the aborted part');
    expect(resultsOf('job-3').map((one) => one.slice(1, 5))).toEqual([['NOT_INSPECTED', false, 3, third]]);

    const fourth = await start('StartContinuous', 'batch');
    expect(await stateNow()).toBe('ContinuousExecution');
    await send('web-1');
    await send('web-2');
    expect(await client.call(automatic, 'Stop')).toEqual([0]);
    await send('web-3');
    await until(() => resultsOf('web-3').length > 0, 'the part after the job');
    const web = results().filter(([part]) => String(part).startsWith('web'));
    expect(web.map((one) => [one[0], one[4], one[5] === 'batch'])).toEqual([
      ['web-1', fourth, true],
      ['web-2', fourth, true],
      ['web-3', '', false],
    ]);
    await client.call('M:ResultManagement', 'AcknowledgeResults', await idsOf(client));
  });

  it('loses and doubles nothing when its process is killed', async () => {
    const { line, url } = shared;
    const { delivered } = await line.told();
    const made: string[] = [];
    for (let i = 0; i < 5; i++) made.push((await line.record(i % 2 ? 'OK' : 'NG')).id);
    const before = await connect(url);
    await until(async () => (await idsOf(before)).length === 5, 'five results');
    await before.call('M:ResultManagement', 'AcknowledgeResults', made.slice(0, 2));
    const [pid] = await opcuaServers();
    process.kill(pid!, 'SIGKILL');
    made.push((await line.record('OK')).id);
    await until(() => line.station.alarms.all.some(({ id }) => id === 'ua: server'), 'the alarm');
    await until(async () => (await line.line.check('ua')).ok, 'it listens again');
    await until(() => !line.station.alarms.all.some(({ id }) => id === 'ua: server'), 'the alarm is over');
    const after = await connect(url);
    await until(async () => (await idsOf(after)).length === 4, 'what was not acknowledged, and the new one');
    expect(await idsOf(after)).toEqual(made.slice(2));
    expect(await after.call('M:ResultManagement', 'AcknowledgeResults', made.slice(2))).toEqual([[0, 0, 0, 0], 0]);
    expect(await line.told()).toMatchObject({ waiting: 0, delivered: delivered + 6, givenUp: 0, expired: 0 });
  });

  it('gives a station that starts again what was not acknowledged, by the same keys', async () => {
    const { line, where } = shared;
    const ng = await line.record('NG');
    const key = join(where, 'opcua/ua/pki/own/private/private_key.pem');
    expect((await stat(key)).mode & 0o077).toBe(0);
    const first = await readFile(key, 'utf8');
    await until(async () => (await line.told()).problem === null, 'it is shown');
    await line.close();
    shared = await openOpcua(where, settings);
    const client = await connect(shared.url);
    await until(async () => (await idsOf(client)).length === 1, 'shown');
    expect(await client.call('M:ResultManagement', 'AcknowledgeResults', [ng.id])).toEqual([[0], 0]);
    expect(await readFile(key, 'utf8')).toBe(first);
  });
});

interface MachineryResult {
  readonly ResultMetaData: { PartId: string | null; ResultEvaluation: number | null; ResultState: number };
}

interface VisionResult {
  readonly PartId: { Id: string };
  readonly ResultContent: unknown[];
}
