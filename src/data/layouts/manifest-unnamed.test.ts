/** Images that lie beside those of a manifest and are named by none of its rows. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolders, writeTree } from '../../../test/support/folder.ts';
import { checkDataSet } from '../check.ts';
import { formatDataCheck } from '../check-text.ts';
import { recogniseDataSet } from '../dataset.ts';

const newFolder = temporaryFolders();
const images = { 'images/a.png': 1, 'images/b.png': 2, 'masks/b.png': 255 };

describe('images that a manifest does not name', () => {
  const tree = {
    'images/a.png': 1,
    'images/b.png': 2,
    'images/c.png': 3,
    'more/d.png': 4,
    'masks/b.png': 255,
    'masks/e.png': 255,
    'list.csv': 'image,class,mask\nimages/a.png,good,\nimages/b.png,dent,masks/b.png\nimages/gone.png,good,\n',
  };

  it('are named and counted, of the whole folder, or of the folders of its rows where it is given by its path', async () => {
    const folder = await newFolder();
    await writeTree(folder, { ...tree, 'manifest.csv': tree['list.csv'] });
    const whole = await recogniseDataSet(folder);
    expect(whole.unlisted).toEqual(['images/c.png', 'more/d.png']);
    expect(whole.notes).toContain('2 image files not in the list, and not used: images/c.png, more/d.png.');
    expect(whole.unusedMasks).toEqual(['masks/e.png']);
    const given = await recogniseDataSet(join(folder, 'list.csv'));
    expect(given.unlisted).toEqual(['images/c.png']);
    expect((await checkDataSet(given, { nearCopies: false })).unlisted).toEqual(['images/c.png']);
    expect(formatDataCheck(await checkDataSet(given, { nearCopies: false }))).toMatch(
      /does not name.*: 1\n {2}images\/c\.png/,
    );
  });

  it('are told of JSON lines that are given by their path, too', async () => {
    const folder = await newFolder();
    const line = JSON.stringify({
      'source-ref': 's3://b/images/a.png',
      'anomaly-label': 0,
      'anomaly-label-metadata': { 'class-name': 'normal', type: 'groundtruth/image-classification' },
    });
    const bad = JSON.stringify({
      'source-ref': 's3://b/images/b.png',
      'anomaly-label': 1,
      'anomaly-label-metadata': { 'class-name': 'anomaly', type: 'groundtruth/image-classification' },
    });
    await writeTree(folder, { ...images, 'images/c.png': 3, 'set.manifest': `${line}\n${bad}\n` });
    expect((await recogniseDataSet(join(folder, 'set.manifest'))).unlisted).toEqual(['images/c.png']);
  });
});
