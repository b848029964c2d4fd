/**
 * The nodes of integrations/node-red-contrib-felfri in a real Node-RED without its page, at a real station: `npm run try:node-red`. Node-RED is
 * taken from the folder in FELFRI_TEST_NODE_RED, or installed into a temporary one. Ends with 0 where all is right.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { activeRecipe, partPng, smallBundle, startStation, type TestStation } from '../support/station.ts';
import { addUser } from '../support/users.ts';

const NODE_RED = 'node-red@4.1.15';

interface NodeRed {
  init(server: Server, settings: object): void;
  start(): Promise<void>;
  stop(): Promise<void>;
  readonly httpNode: RequestListener;
  readonly httpAdmin: RequestListener;
}

const work = await mkdtemp(join(tmpdir(), 'felfri-node-red-'));

/** Node-RED's optional dependency is native; without it passwords are hashed by bcryptjs. */
function installed(): string {
  const given = process.env['FELFRI_TEST_NODE_RED'];
  if (given) return given;
  const install = ['install', NODE_RED, '--omit=optional', '--ignore-scripts', '--no-audit', '--no-fund'];
  execFileSync('npm', [...install, '--prefix', work], { stdio: 'inherit' });
  return work;
}

/** A way in by HTTP, a felfri node, and what its outputs answer. */
function flowOf(address: string): object[] {
  const way = (id: string, method: string, url: string, to: string) => ({
    ...{ id, z: 'flow', type: 'http in', url, method, wires: [[to]] },
  });
  const step = (id: string, func: string, to: string[]) => ({
    ...{ id, z: 'flow', type: 'function', func, outputs: 1, wires: [to] },
  });
  const told = [0, 1, 2, 3].map((output) =>
    step(`out${output}`, `msg.payload = { output: ${output}, pass: msg.pass, ...msg.payload }; return msg;`, [
      'answer',
    ]),
  );
  const label = 'msg.part = msg.req.query.part; msg.resultId = msg.req.query.resultId; return msg;';
  const placed = [
    way('way1', 'post', '/inspect', 'label'),
    step('label', label, ['inspect']),
    {
      ...{ id: 'inspect', z: 'flow', type: 'felfri-inspect', station: 'station', window: 2000 },
      wires: told.map((_, output) => [`out${output}`]),
    },
    ...told,
    way('way2', 'post', '/recipe', 'recipe'),
    { id: 'recipe', z: 'flow', type: 'felfri-recipe', station: 'station', recipe: '', wires: [['answer']] },
    { id: 'catch', z: 'flow', type: 'catch', scope: ['recipe'], wires: [['failed']] },
    step('failed', 'msg.payload = { failed: msg.error.message }; msg.statusCode = 500; return msg;', ['answer']),
    { id: 'events', z: 'flow', type: 'felfri-events', station: 'station', heartbeats: false, wires: [['keep']] },
    step('keep', "flow.set('seen', [...(flow.get('seen') ?? []), msg.payload]);", []),
    way('way3', 'get', '/seen', 'seen'),
    step('seen', "msg.payload = flow.get('seen') ?? []; return msg;", ['answer']),
    { id: 'answer', z: 'flow', type: 'http response', wires: [] },
  ];
  return [
    { id: 'flow', type: 'tab', label: 'felfri' },
    { id: 'station', type: 'felfri-station', address },
    // without a place on the page Node-RED takes a node for one of settings
    ...placed.map((node, i) => ({ ...node, x: 100, y: 40 * i })),
  ];
}

async function startNodeRed(address: string, token: string): Promise<{ red: NodeRed; server: Server; url: string }> {
  const folder = join(work, 'user');
  await mkdir(join(folder, 'node_modules'), { recursive: true });
  const nodes = new URL('../../integrations/node-red-contrib-felfri', import.meta.url);
  await cp(nodes, join(folder, 'node_modules/node-red-contrib-felfri'), { recursive: true });
  await writeFile(join(folder, 'package.json'), '{"dependencies":{"node-red-contrib-felfri":"0.1.0"}}');
  await writeFile(join(folder, 'flows.json'), JSON.stringify(flowOf(address)));
  await writeFile(join(folder, 'flows_cred.json'), JSON.stringify({ station: { token } }));
  const red = createRequire(join(installed(), 'package.json'))('node-red') as NodeRed;
  let handle: RequestListener = () => undefined;
  const server = createServer((request, response) => handle(request, response));
  const paths = { httpAdminRoot: '/editor', httpNodeRoot: '/' };
  const quiet = { logging: { console: { level: 'warn' } }, telemetry: { enabled: false, updateNotification: false } };
  red.init(server, { ...paths, ...quiet, userDir: folder, flowFile: 'flows.json', credentialSecret: false });
  handle = (request, response) => {
    const editor = request.url?.startsWith('/editor');
    if (editor) request.url = request.url!.slice('/editor'.length) || '/';
    (editor ? red.httpAdmin : red.httpNode)(request, response);
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  await red.start();
  return { red, server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

// biome-ignore lint/suspicious/noExplicitAny: answers of many forms
type Told = any;

async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  for (const end = Date.now() + 60_000; Date.now() < end; await pause(100)) {
    const found = await look();
    if (found !== undefined) return found;
  }
  throw new Error(`not within a minute: ${what}`);
}

const folder = join(work, 'data');
let own: TestStation = await startStation(folder);
await activeRecipe(own, await smallBundle(join(work, 'lenient'), 1e6), 'lenient');
const strict = await activeRecipe(own, await smallBundle(join(work, 'strict'), 1e-6), 'strict');
await addUser(own, 'head', 'admin');
const token = await addUser(own, 'line', 'engineer');
const address = await own.app.listen({ host: '127.0.0.1', port: 0 });
const { red, server, url } = await startNodeRed(address, token);
try {
  const post = async (path: string, body: Uint8Array<ArrayBuffer> | string): Promise<Told> => {
    const type = typeof body === 'string' ? 'text/plain' : 'application/octet-stream';
    return (await fetch(url + path, { method: 'POST', headers: { 'content-type': type }, body })).json();
  };
  const seen = (wanted: (event: Told) => boolean) =>
    until('an event', async () => ((await (await fetch(`${url}/seen`)).json()) as Told[]).find(wanted));
  const part = new Uint8Array(await partPng(1));

  await until('the nodes', async () => ((await fetch(`${url}/seen`)).ok ? true : undefined));
  await seen(({ type, online }) => type === 'station' && online);
  const ng = await post('/inspect?part=P1&resultId=R1', part);
  assert.deepEqual([ng.output, ng.pass, ng.decision, ng.part, ng.recipe], [1, false, 'NG', 'P1', strict]);
  await seen(({ type, inspection }) => type === 'inspection' && inspection.resultId === 'R1');

  assert.equal((await post('/recipe', 'lenient')).name, 'lenient');
  await seen(({ type, change }) => type === 'recipe' && change === 'activated');
  assert.match((await post('/recipe', 'no such')).failed, /0 recipes are called "no such"; there are /);
  const ok = await post('/inspect?part=P2', part);
  assert.deepEqual([ok.output, ok.pass, ok.decision, ok.part], [0, true, 'OK', 'P2']);
  const blank = await post('/inspect', new Uint8Array(Buffer.from('no image')));
  assert.deepEqual([blank.output, blank.pass, blank.decision, blank.code], [3, false, 'NOT_INSPECTED', 'IMAGE_FORMAT']);
  assert.equal((await post('/inspect', 'a text')).code, 'NO_IMAGE');
  // the same image sent again is the same record
  assert.equal((await post('/inspect?part=P1&resultId=R1', part)).id, ng.id);
  assert.equal((await post('/inspect?part=P9&resultId=R1', part)).code, 'CONFLICT');

  await own.close();
  const nobody = await post('/inspect?part=P3', part);
  assert.deepEqual([nobody.output, nobody.pass, nobody.code], [3, false, 'STATION_UNREACHABLE']);
  await seen(({ type, online }) => type === 'station' && online === false);
  own = await startStation(folder);
  await own.app.listen({ host: '127.0.0.1', port: Number(new URL(address).port) });
  await until('a decision again', async () => ((await post('/inspect?part=P4', part)).pass ? true : undefined));

  const editor = await (await fetch(`${url}/editor/nodes`, { headers: { accept: 'text/html' } })).text();
  for (const name of ['felfri-station', 'felfri-inspect', 'felfri-events', 'felfri-recipe'])
    assert.ok(editor.includes(`data-template-name="${name}"`), name);
  console.log('Node-RED decides, tells and changes recipes by the station');
} finally {
  await red.stop();
  server.closeAllConnections();
  server.close();
  await own.close();
  await rm(work, { recursive: true, force: true });
}
process.exit(process.exitCode ?? 0);
