/** The file of sources and outputs: what is wrong with it, on which line; and every example of the table. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { findLineFile, readLineFile } from './file.ts';
import { sourceKinds, sources } from './sources/table.ts';
import { connectorKinds, connectors } from './table.ts';

const folder = temporaryFolders();

async function written(text: string): Promise<string> {
  const path = join(await folder(), 'line.json');
  await writeFile(path, text);
  return path;
}

const refusal = async (text: string): Promise<string> => {
  const path = await written(text);
  return readLineFile(path).then(
    () => 'nothing',
    (error: Error) => error.message.replace(`${path}, `, ''),
  );
};

const source = (line: string): string => output(line).replace('outputs', 'sources');
const output = (line: string): string => `{\n  "station": "press-7",\n  "outputs": {\n    "plc": ${line}\n  }\n}\n`;

it.each([
  ['{ "station": "a", "outputs": { ', /^line 1: /],
  ['[]', /^line 1: station must be/],
  ['{\n "outputs": {} }', /^line 1: station must be a name/],
  ['{ "station": "a",\n "outputs": {},\n "otputs": {} }', /^line 3: there is no otputs/],
  ['{ "station": "a/b",\n "outputs": {} }', /^line 1: station must be a name/],
  ['{ "station": "a",\n "outputs": { "x": {},\n "x": {} } }', /^line 3: .*unique/i],
  [output('{ "kind": "modbuss" }'), /^line 4: plc needs a kind: webhook, lines, mqtt, modbus/],
  [output('7'), /^line 4: plc is no object/],
  [output('{\n "kind": "webhook", "secret": "0123456789abcdef" }'), /^line 4: plc needs the setting url/],
  [output('{ "kind": "lines",\n "port": "x" }'), /^line 5: port of plc must be integer/],
  [
    output('{ "kind": "webhook", "secret": "0123456789abcdef",\n "url": "https://a:b@c/" }'),
    /^line 5: url of plc must/,
  ],
  [output('{ "kind": "webhook", "url": "https://c",\n "secret": "whsec_!!!!!!!!!!!!!!" }'), /^line 5: secret of plc/],
  [output('{ "kind": "webhook", "url": "https://c",\n "secret": "whsec_c2hvcnQ=aaaa" }'), /^line 5: secret of plc/],
  [output('{ "kind": "modbus",\n "recipes": { "70000": "rings" } }'), /^line 5: recipes of plc/],
  [output('{ "kind": "modbus",\n "listen": "" }'), /^line 5: listen of plc must not have fewer/],
  [output('{ "kind": "lines",\n "port": 1.5 }'), /^line 5: port of plc/],
  [output('{ "kind": "lines",\n "prot": 1 }'), /^line 5: plc has no setting prot; there are .*port/],
  [
    output('{ "kind": "mqtt",\n\n "password": "env:FELFRI_NO_SUCH_WORD" }'),
    /^line 6: password is to come from FELFRI_NO_SUCH_WORD/,
  ],
  [output('{ "kind": "lines" }').replace('plc', 'p l c'), /^line 4: "p l c" is no name/],
  [source('{ "kind": "foldr" }'), /^line 4: plc needs a kind: folder/],
  [source('{ "kind": "folder" }'), /^line 4: plc needs the setting path/],
  [source('{ "kind": "folder",\n "path": "images" }'), /^line 5: path of plc must match/],
  [source('{ "kind": "folder", "path": "/a",\n\n "names": "{prat}" }'), /^line 6: names of plc has {prat}; there are/],
  [
    '{ "station": "a", "outputs": { "x": { "kind": "lines" } },\n "sources": {\n "x": { "kind": "folder", "path": "/a" } } }',
    /^line 3: x is the name of an output too/,
  ],
  [
    source('{ "kind": "genicam", "triggerSource": "Line1" }'),
    /^line 4: take of plc must be "all" with "triggerSource": "Line1"/,
  ],
  [
    source('{ "kind": "genicam", "take": "all",\n "triggerSource": "Line1" }'),
    /^line 5: triggerSource of plc needs "frameSeconds": 0/,
  ],
  [source('{ "kind": "ffmpeg",\n "input": "camera" }'), /^line 5: input of plc must match/],
  [
    source('{ "kind": "genicam",\n "triggeredBy": "robot" }'),
    /^line 5: triggeredBy of plc is to be the name of an output whose other side announces parts .modbus, opcua/,
  ],
  ['{ "station": "a",\n "parts": { "views": ["top"] } }', /^line 2: views of parts must not have fewer than 2/],
  ['{ "station": "a",\n "parts": {\n "views": ["top", "side"] } }', /^line 3: top is no source/],
  [
    '{ "station": "a", "sources": {\n "top": { "kind": "folder", "path": "/a", "names": "*" },\n "side": { "kind": "folder", "path": "/b" } },\n "parts": { "views": ["top", "side"] } }',
    /^line 2: top gives views, and must say of which part/,
  ],
])('says what is wrong and where: %j', async (text, why) => {
  expect(await refusal(text)).toMatch(why);
});

it('fills in defaults, and secrets from the environment', async () => {
  process.env['FELFRI_TEST_WORD'] = 'open sesame';
  const path = await written(output('{ "kind": "mqtt", "password": "env:FELFRI_TEST_WORD", "keep": 500 }'));
  const { station, outputs } = await readLineFile(path);
  expect(station).toBe('press-7');
  expect(outputs).toMatchObject([
    {
      name: 'plc',
      kind: 'mqtt',
      common: { keep: 500, alarmAt: 1000 },
      settings: { url: 'mqtt://127.0.0.1:1883', password: 'open sesame', nobody: 'wait' },
    },
  ]);
});

it('is looked for in the data folder, where it may be missing; one that is named must be there', async () => {
  expect(await findLineFile(undefined, await folder())).toBeNull();
  await expect(findLineFile('/nowhere/line.json', '/')).rejects.toMatchObject({ code: 'LINE_INVALID' });
});

it.each(sourceKinds)('takes the example of the source %s', async (kind) => {
  const path = await written(source(JSON.stringify({ kind, ...sources[kind].example })));
  expect((await readLineFile(path)).sources).toHaveLength(1);
});

it.each(connectorKinds)('takes the example of %s', async (kind) => {
  process.env['FELFRI_WEBHOOK_SECRET'] = process.env['FELFRI_MQTT_PASSWORD'] = 'x'.repeat(32);
  const path = await written(output(JSON.stringify({ kind, ...connectors[kind].example })));
  expect((await readLineFile(path)).outputs).toHaveLength(1);
});
