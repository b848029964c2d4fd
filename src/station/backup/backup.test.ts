/** A station that runs is copied whole; what is damaged, foreign or hostile is refused, and leaves nothing behind. */
import { createReadStream, createWriteStream } from 'node:fs';
import { cp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { extract, type Headers, pack } from 'tar-stream';
import { beforeAll, describe, expect, it } from 'vitest';
import { databases, tamper } from '../../../test/support/databases.ts';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { activeRecipe, partPng, smallBundle, startStation, type TestStation } from '../../../test/support/station.ts';
import { Random } from '../../core/random.ts';
import { openRecords, type RecordsPlace } from '../records/open-records.ts';
import { readArchive } from './archive-reader.ts';
import { backup } from './backup.ts';
import { listEntry, sealEntry } from './contents.ts';
import { restore } from './restore.ts';

const folder = temporaryFolders();
const change = () => ({ by: 'tester', at: new Date() });

async function inspect({ app }: TestStation, seeds: readonly number[]): Promise<void> {
  for (const seed of seeds) {
    const answer = await app.inject({
      method: 'POST',
      url: `/api/inspections?resultId=r${seed}`,
      payload: await partPng(seed),
      headers: { 'content-type': 'image/png' },
    });
    expect(answer.statusCode).toBe(201);
  }
}

/** A station's folder with a recipe, five inspections, a data set and a user; stopped. */
async function filled(place: RecordsPlace, data: string): Promise<void> {
  const own = await startStation(data, { records: place });
  await activeRecipe(own, await smallBundle(join(await folder(), 'bundle'), 0.5), 'rings');
  await own.station.dataSets.create('set', change());
  await inspect(own, [1, 2, 3, 4, 5]);
  await own.close();
}

/** The archive's entries as they are, changed on the way into another one. */
async function rewritten(
  from: string,
  to: string,
  turn: (header: Headers, content: Buffer) => [Headers, Buffer?][],
): Promise<string> {
  const source = extract();
  const target = pack();
  const written = pipeline(target, createWriteStream(to));
  createReadStream(from).pipe(source);
  for await (const entry of source) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk);
    for (const [header, content = Buffer.alloc(0)] of turn(entry.header, Buffer.concat(chunks))) {
      const { name, type = 'file', linkname } = header;
      if (type === 'file') target.entry({ name, size: content.length }, content);
      else target.entry({ name, type, linkname }).end();
    }
  }
  target.finalize();
  await written;
  return to;
}

describe.each(databases(folder))('a station with its records in %s', (_, make) => {
  it('is copied while it runs, restored, and goes on from there', async () => {
    const database = await make();
    const data = await folder();
    const place: RecordsPlace = 'url' in database.place ? database.place : { folder: data };
    await filled(place, data);
    const own = await startStation(data, { records: place });
    const file = join(await folder(), 'backup.tar');
    const [made] = await Promise.all([backup(data, place, file), inspect(own, [6, 7, 8])]);
    const counts = await own.station.records.counts();
    await own.close();
    expect(made.counts).toMatchObject({
      notInspected: 0,
      recipes: 1,
      users: 0,
      audit: { entries: counts.audit.entries },
    });
    expect(made.counts.inspections).toBeGreaterThanOrEqual(5);
    expect(made).toMatchObject({ missingPictures: 0, missingRecipes: [] });
    expect(await readArchive(file)).toMatchObject({ sha256: made.sha256, list: { counts: made.counts } });

    const other = await make();
    const target = join(await folder(), 'new');
    const there: RecordsPlace = 'url' in other.place ? other.place : { folder: target };
    const done = await restore(file, target, there, change());
    expect(done).toMatchObject({ counts: made.counts, damaged: [], missingPictures: 0, sha256: made.sha256 });

    const again = await startStation(target, { records: there });
    await again.station.records.verifyAudit([made.counts.audit]);
    await again.station.records.verifyRecords();
    const { entries } = (await again.app.inject({ url: '/api/audit?limit=1' })).json();
    expect(entries[0].summary).toContain(`tester brought the station back from the backup of ${made.madeAt}`);
    expect((await again.station.records.inspectionOfResult('r3'))?.imageStored).toBe(true);
    const { id } = (await again.station.records.inspectionOfResult('r3'))!;
    expect((await again.app.inject({ url: `/api/inspections/${id}/image` })).statusCode).toBe(200);
    await inspect(again, [9]);
    await again.close();

    await expect(restore(file, target, there, change())).rejects.toMatchObject({ code: 'OUTPUT_EXISTS' });
    await database.drop();
    await other.drop();
  });

  it('is not copied once its records were altered', async () => {
    const database = await make();
    const data = 'url' in database.place ? await folder() : database.place.folder;
    await filled(database.place, data);
    await tamper(database, 'update inspections set score = score + 1');
    const file = join(await folder(), 'backup.tar');
    await expect(backup(data, database.place, file)).rejects.toMatchObject({ code: 'RECORDS_ALTERED' });
    expect(await readdir(join(file, '..'))).toEqual([]);
    await database.drop();
  });
});

describe('an archive', () => {
  /** A stopped station's folder, and its backup. */
  let pattern: string;
  let file: string;
  let bytes: Buffer;

  beforeAll(async () => {
    pattern = await folder();
    await filled({ folder: pattern }, pattern);
    file = join(await folder(), 'backup.tar');
    await backup(pattern, { folder: pattern }, file);
    bytes = await readFile(file);
  });

  /** Restores it, and gives the code of the refusal; whatever it is, nothing may be left. */
  async function refusal(archive: string): Promise<string> {
    const above = await folder();
    const target = join(above, 'data');
    const code = await restore(archive, target, { folder: target }, change()).then(
      () => 'none',
      (error: { code: string }) => error.code,
    );
    if (code !== 'none') expect(await readdir(above)).toEqual([]);
    return code;
  }

  it('is never put over another file', async () => {
    await expect(backup(pattern, { folder: pattern }, file)).rejects.toMatchObject({ code: 'OUTPUT_EXISTS' });
    expect(await readFile(file)).toEqual(bytes);
  });

  it('is not there where somebody stopped the backup, nor anything of it', async () => {
    const above = await folder();
    const stopped = backup(pattern, { folder: pattern }, join(above, 'b.tar'), AbortSignal.abort());
    await expect(stopped).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(await readdir(above)).toEqual([]);
  });

  it('with a bit that tipped anywhere is refused, or was padding', async () => {
    const path = join(await folder(), 'tipped.tar');
    const random = Random.of(7, 'tipped');
    let refused = 0;
    for (let i = 0; i < 60; i++) {
      const tipped = Buffer.from(bytes);
      const at = random.integer(tipped.length);
      tipped[at]! ^= 1 << (i % 8);
      await writeFile(path, tipped);
      const code = await readArchive(path).then(
        () => undefined,
        (error: { code: string }) => error.code,
      );
      if (code === undefined) expect(bytes[at]).toBe(0);
      else expect(code).toBe('BACKUP_INVALID');
      refused += Number(code !== undefined);
    }
    expect(refused).toBeGreaterThan(30);
  });

  it('cut short anywhere is refused, and leaves no folder', async () => {
    const path = join(await folder(), 'cut.tar');
    for (const share of [0, 0.01, 0.5, 0.9, 0.99]) {
      await writeFile(path, bytes.subarray(0, Math.floor((bytes.length * share) / 512) * 512));
      expect(await refusal(path)).toBe('BACKUP_INVALID');
    }
  });

  it('of something else is refused', async () => {
    const path = join(await folder(), 'foreign.tar');
    const foreign = pack();
    foreign.entry({ name: 'data/records.sqlite' }, 'not ours');
    foreign.finalize();
    await pipeline(foreign, createWriteStream(path));
    expect(await refusal(path)).toBe('BACKUP_INVALID');
    await writeFile(path, 'no tar at all');
    expect(await refusal(path)).toBe('BACKUP_INVALID');
    await expect(restore(join(path, '..', 'none.tar'), '/nowhere', { folder: '/nowhere' }, change())).rejects.toMatchObject({ code: 'PATH_UNUSABLE' }); // biome-ignore format: one line
  });

  const hostile: Readonly<Record<string, Headers>> = {
    'a path that leads out': { name: 'data/../../out.txt' },
    'an absolute path': { name: '/tmp/felfri-out.txt' },
    'a path of Windows': { name: 'data/..\\out.txt' },
    'a file beside the data': { name: 'out.txt' },
    'a link': { name: 'data/link', type: 'symlink', linkname: '/etc' },
    'a hard link': { name: 'data/link', type: 'link', linkname: 'data/records.sqlite' },
    'a folder': { name: 'data/images', type: 'directory' },
    'a device': { name: 'data/device', type: 'character-device' },
  };

  it.each(Object.entries(hostile))('with %s is refused', async (_what, header) => {
    const path = await rewritten(file, join(await folder(), 'hostile.tar'), (own, content) =>
      own.name === listEntry ? [[header, Buffer.from('x')], [own, content]] : [[own, content]],
    ); // biome-ignore format: one line
    expect(await refusal(path)).toBe('BACKUP_INVALID');
  });

  it('with a file more, less or twice, or a list that says something else, is refused', async () => {
    const path = join(await folder(), 'other.tar');
    const image = (name: string) => name.startsWith('data/images/');
    const turns: ((own: Headers, content: Buffer) => [Headers, Buffer?][])[] = [
      (own, content) => (own.name === listEntry ? [[{ name: 'data/more' }], [own, content]] : [[own, content]]),
      (own, content) => (image(own.name) ? [] : [[own, content]]),
      (own, content) => (image(own.name) ? [[own, content], [own, content]] : [[own, content]]), // biome-ignore format: one line
      (own, content) =>
        own.name === listEntry
          ? [[own, Buffer.from(content.toString().replace('"inspections":5', '"inspections":4'))]]
          : [[own, content]],
      (own, content) => (own.name === sealEntry ? [[own, content], [{ name: 'data/late' }]] : [[own, content]]),
    ];
    for (const turn of turns) expect(await refusal(await rewritten(file, path, turn))).toBe('BACKUP_INVALID');
  });

  it('whose records are others than its list says is refused, though every hash is right', async () => {
    const data = await folder();
    await filled({ folder: data }, data);
    const other = await openRecords({ folder: data });
    const counts = await other.counts();
    await other.close();
    const path = await rewritten(file, join(await folder(), 'forged.tar'), (own, content) => {
      if (own.name === listEntry)
        return [[own, Buffer.from(`${JSON.stringify({ ...JSON.parse(content.toString()), counts })}\n`)]];
      return [[own, content]];
    });
    // with a seal that fits
    const { sha256 } = await import('../../core/files.ts');
    let text = '';
    const sealed = await rewritten(path, join(await folder(), 'sealed.tar'), (own, content) => {
      if (own.name === listEntry) text = content.toString();
      return [[own, own.name === sealEntry ? Buffer.from(sha256(text)) : content]];
    });
    expect(await refusal(sealed)).toBe('AUDIT_BROKEN');
  });

  it('goes into an empty folder alone', async () => {
    const target = await folder();
    await writeFile(join(target, 'mine.txt'), 'mine');
    await expect(restore(file, target, { folder: target }, change())).rejects.toMatchObject({ code: 'OUTPUT_EXISTS' });
    expect(await readdir(target)).toEqual(['mine.txt']);
    await rm(join(target, 'mine.txt'));
    await mkdir(join(target, 'lost+found'));
    expect(await restore(file, target, { folder: target }, change())).toMatchObject({ damaged: [] });
  });

  it('says which pictures were gone, follows a linked folder, and brings damage along as what it is', async () => {
    const data = await folder();
    await cp(pattern, data, { recursive: true });
    const elsewhere = await folder();
    await cp(join(data, 'images'), join(elsewhere, 'images'), { recursive: true });
    await rm(join(data, 'images'), { recursive: true });
    const [first] = await readdir(join(elsewhere, 'images'));
    const lost = await readdir(join(elsewhere, 'images', first!));
    await rm(join(elsewhere, 'images', first!), { recursive: true });
    await symlink(join(elsewhere, 'images'), join(data, 'images'));
    await mkdir(join(data, 'datasets', 'lost'));
    await writeFile(join(data, 'datasets', 'lost', 'dataset.json'), '{');
    const path = join(data, 'inside.tar');
    expect(await backup(data, { folder: data }, path)).toMatchObject({ missingPictures: lost.length });
    const target = join(await folder(), 'data');
    const done = await restore(path, target, { folder: target }, change());
    expect(done).toMatchObject({ missingPictures: lost.length, damaged: [{ kind: 'data set', id: 'lost' }] });
    expect(await readdir(target)).not.toContain('inside.tar');
  });
});
