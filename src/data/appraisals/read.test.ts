import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { encodePng } from '../image/encode.ts';
import { readAppraisals } from './read.ts';

const newFolder = temporaryFolders();

const line = (image: string, score: number, decision = 'OK', bundle = 'a'.repeat(64)): string =>
  `${JSON.stringify({ image, decision, score, bundle, reason: null })}\n`;

/** A tiny picture with a seed of its own. */
const picture = (seed: number) =>
  encodePng({ width: 4, height: 4, channels: 3, data: new Uint8Array(48).map((_, i) => (i * seed) % 251) });

async function folder(files: Readonly<Record<string, string | Uint8Array>>): Promise<(name: string) => string> {
  const root = await newFolder();
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(root, name, '..'), { recursive: true });
    await writeFile(join(root, name), content);
  }
  return (name) => join(root, name);
}

describe('readAppraisals', () => {
  it.each([
    ['a.csv', 'part,decision,decision\n1,OK,NG\n'],
    ['b.csv', 'part;Decision;decision\n1;OK;NG\n'],
    ['c.json', '[{"part":"1","decision":"OK"},{"part":"2","Decision":"NG"}]'],
  ])('refuses %s, in which two columns say what was decided', async (name, content) => {
    const at = await folder({ [name]: content });
    await expect(readAppraisals([at(name)])).rejects.toMatchObject({
      code: 'APPRAISALS_INVALID',
      message: expect.stringContaining('two columns'),
    });
  });

  it('reads a table of people and results of felfri, each part with its reference', async () => {
    const at = await folder({
      'people.csv': 'Part;Operator;Decision\n1;Anna;OK\n2;Anna;nok\n',
      'run.ndjson': `${line('run/1.png', 0.1)}${line('run/2.png', 0.9, 'REVIEW')}`,
      'parts.csv': 'part,class,limit\n1,good,no\n2,scratch,yes\n3,good,\n',
    });
    const { appraisals, references, notes } = await readAppraisals([at('people.csv'), at('run.ndjson')], {
      reference: at('parts.csv'),
    });
    expect(appraisals.map(({ part, appraiser, passed }) => [part, appraiser, passed])).toEqual([
      ['1', 'Anna', true],
      ['2', 'Anna', false],
      ['1', 'felfri aaaaaaaa', true],
      ['2', 'felfri aaaaaaaa', false],
    ]);
    expect(references).toEqual([
      { part: '1', good: true, className: 'good', limit: false },
      { part: '2', good: false, className: 'scratch', limit: true },
    ]);
    expect(notes).toEqual(['Of the references, 1 part was not appraised.']);
  });

  it('takes an image that could not be inspected as kept out', async () => {
    const at = await folder({
      'run.ndjson': `${line('1.png', 0.1)}{"image":"2.png","error":{"code":"IMAGE_CORRUPT"}}\n`,
    });
    const { appraisals } = await readAppraisals([at('run.ndjson')]);
    expect(appraisals[1]).toMatchObject({
      part: '2',
      passed: false,
      said: 'not inspected',
      appraiser: 'felfri aaaaaaaa',
    });
  });

  it('believes no number, and takes the words that --good says', async () => {
    const at = await folder({
      'a.csv': 'part,decision\n1,1\n2,0\n',
      'b.json': '[{"part":1,"result":"x"},{"part":2,"result":"y"}]',
    });
    await expect(readAppraisals([at('a.csv')])).rejects.toMatchObject({ code: 'APPRAISALS_INVALID' });
    const { appraisals } = await readAppraisals([at('a.csv')], { good: ['1'] });
    expect(appraisals.map(({ passed }) => passed)).toEqual([true, false]);
    expect((await readAppraisals([at('b.json')], { good: ['x'] })).appraisals).toHaveLength(2);
  });

  it.each([
    ['a table without a part', 'decision\nOK\n'],
    ['a decision that says nothing', 'part,decision\n1,perhaps\n'],
    ['two references of one part', 'part,decision,reference\n1,OK,good\n1,OK,scratch\n'],
    ['no decision at all', 'part,reference\n1,good\n'],
    ['lines that are no results', '{"a":1}\n'],
  ])('refuses %s', async (_, content) => {
    const at = await folder({ file: content });
    await expect(readAppraisals([at('file')])).rejects.toMatchObject({ code: 'APPRAISALS_INVALID' });
  });

  it('refuses a part without a reference where others have one', async () => {
    const at = await folder({ 'run.ndjson': line('9.png', 0.1), 'parts.csv': 'part,reference\n1,good\n' });
    await expect(readAppraisals([at('run.ndjson')], { reference: at('parts.csv') })).rejects.toThrow(/part 9/);
  });

  it('refuses a path that is not there by its name', async () => {
    const at = await folder({});
    await expect(readAppraisals([at('none.csv')])).rejects.toMatchObject({ code: 'PATH_UNUSABLE' });
  });
});

describe('a repeat', () => {
  it('is refused where it is the same file, by its bytes, its pixels, or its score alone', async () => {
    const [one, other] = [await picture(3), await picture(7)];
    const again = Buffer.concat([one, Buffer.alloc(1)]);
    const at = await folder({
      'mon/1.png': one,
      'tue/1.png': other,
      'wed/1.png': one,
      'thu/1.png': again,
      'mon.ndjson': line('mon/1.png', 0.25),
      'tue.ndjson': line('tue/1.png', 0.5),
      'wed.ndjson': line('wed/1.png', 0.25000001),
      'thu.ndjson': line('thu/1.png', 0.25),
      'gone.ndjson': line('gone/1.png', 0.25),
    });
    const read = (...names: string[]) => readAppraisals(names.map((name) => at(`${name}.ndjson`)));
    expect((await read('mon', 'tue')).appraisals).toHaveLength(2);
    for (const [name, how] of [
      ['wed', /same bytes/],
      ['thu', /same pixels/],
      ['gone', /same score/],
      ['mon', /same bytes/],
    ] as const) {
      await expect(read('mon', name)).rejects.toMatchObject({ code: 'PRESENTED_TWICE' });
      await expect(read('mon', name)).rejects.toThrow(how);
    }
  });

  it('may get the same score where the pictures differ, as a saturated detector gives', async () => {
    const at = await folder({
      'mon/1.png': await picture(3),
      'tue/1.png': await picture(7),
      'mon.ndjson': line('mon/1.png', 1),
      'tue.ndjson': line('tue/1.png', 1),
    });
    expect((await readAppraisals([at('mon.ndjson'), at('tue.ndjson')])).appraisals).toHaveLength(2);
  });

  it('may come from one path that held other pictures in turn, and be judged by two bundles', async () => {
    const at = await folder({
      'live.png': await picture(3),
      'mon.ndjson': line('live.png', 0.2),
      'tue.ndjson': line('live.png', 0.3),
      'b.ndjson': line('live.png', 0.2, 'OK', 'b'.repeat(64)),
    });
    const pattern = { partPattern: /(live)/u };
    expect(
      (await readAppraisals([at('mon.ndjson'), at('tue.ndjson'), at('b.ndjson')], pattern)).appraisals,
    ).toHaveLength(3);
  });
});
