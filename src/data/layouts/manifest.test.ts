import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { temporaryFolders, writeTree } from '../../../test/support/folder.ts';
import { type DataSet, recogniseDataSet } from '../dataset.ts';
import type { DataSetOptions } from './asked.ts';

const newFolder = temporaryFolders();
const images = { 'images/a.png': 1, 'images/b.png': 2, 'masks/b.png': 255 };

async function recognise(
  manifest: string | Uint8Array,
  options: DataSetOptions = {},
  file = 'manifest.csv',
): Promise<DataSet> {
  const folder = await newFolder();
  await writeTree(folder, { ...images, [file]: manifest });
  return recogniseDataSet(file === 'manifest.csv' ? folder : join(folder, file), options);
}

describe('a manifest', () => {
  it('gives every field', async () => {
    const dataSet = await recognise(
      [
        'image,mask,class,exposure,part_group,fold,published_split',
        'images/b.png,masks/b.png,dent,3,g1,1,test',
        'images/a.png,,free,2,g0,0,train',
        '',
      ].join('\r\n'),
    );
    const { root } = dataSet;
    expect(dataSet.layout).toBe('manifest');
    expect(dataSet.images).toEqual([
      {
        path: join(root, 'images/a.png'),
        name: 'images/a.png',
        label: 'good',
        className: 'good',
        partGroup: 'g0',
        groupStated: true,
        fold: 0,
        publishedSplit: 'train',
      },
      {
        path: join(root, 'images/b.png'),
        name: 'images/b.png',
        label: 'defective',
        className: 'dent',
        mask: join(root, 'masks/b.png'),
        partGroup: 'g1',
        groupStated: true,
        fold: 1,
        publishedSplit: 'test',
      },
    ]);
    expect(dataSet.notes.join(' ')).toContain('Columns not used: exposure.');
    expect(dataSet.notes.join(' ')).toContain('2 part groups, as the data set states them.');
  });

  it('may have another name, other columns, other good classes, semicolons and a byte order mark', async () => {
    const text = '\uFEFFfile;verdict;part\nimages\\a.png;Bra;7\n"images/b.png";scratch;7\n';
    const options = { columns: { image: 'file', class: 'verdict', part_group: 'part' }, goodClasses: ['bra'] } as const;
    const dataSet = await recognise(text, options, 'parts.csv');
    expect(dataSet.images.map(({ name, className, partGroup }) => [name, className, partGroup])).toEqual([
      ['images/a.png', 'good', '7'],
      ['images/b.png', 'scratch', '7'],
    ]);
    expect(dataSet.notes.join(' ')).toContain('image from file');
  });

  it.each(['lists/all.csv', 'lists/split/all.csv'])(
    'may lie below the folder of its paths, as VisA has it: %s',
    async (file) => {
      const dataSet = await recognise('image,label\nimages/a.png,normal\nimages/b.png,anomaly\n', {}, file);
      expect(dataSet.images.map(({ name, label }) => [name, label])).toEqual([
        ['images/a.png', 'good'],
        ['images/b.png', 'defective'],
      ]);
      expect(dataSet.images[0]!.path).toBe(join(dataSet.root, 'images/a.png'));
    },
  );

  it('is found under other capital letters, named where it is called otherwise, and refused where it is packed', async () => {
    const text = 'image,class\nimages/a.png,good\n';
    const folder = async (files: Record<string, string | Uint8Array>): Promise<string> => {
      const root = await newFolder();
      await writeTree(root, { 'images/a.png': 1, ...files });
      return root;
    };
    expect((await recogniseDataSet(await folder({ 'Manifest.CSV': text }))).layout).toBe('manifest');
    const other = folder({ 'labels.csv': text, 'all.csv.gz': gzipSync(text) });
    await expect(recogniseDataSet(await other)).rejects.toThrow(
      /give its path \(all\.csv\.gz, unpacked; labels\.csv\)/,
    );
    const packed = folder({ 'manifest.csv': gzipSync(text) });
    await expect(recogniseDataSet(await packed)).rejects.toThrow(/compressed by gzip/);
  });

  it.each([
    ['UTF-16 with its mark and tabs, as Excel saves Unicode text', 'utf16le', '\uFEFF', '\t'],
    ['UTF-16 without a mark', 'utf16le', '', ','],
    ['UTF-16 with the higher byte first', 'utf16be', '\uFEFF', ';'],
    ["Excel's line that states the separator", 'utf8', '\uFEFFsep=;\r\n', ';'],
  ] as const)('may be %s', async (_what, encoding, head, delimiter) => {
    const rows = [
      ['file', 'class'],
      ['images/a.png', 'gut'],
      ['images/b.png', 'Rändel'],
    ];
    const text = head + rows.map((row) => row.join(delimiter)).join('\r\n');
    const bytes = Buffer.from(text, encoding === 'utf8' ? 'utf8' : 'utf16le');
    const { images: read } = await recognise(encoding === 'utf16be' ? bytes.swap16() : bytes);
    expect(read.map(({ className }) => className)).toEqual(['good', 'Rändel']);
  });

  it('is refused by row where a class is in an encoding that is not known', async () => {
    const latin = recognise(Buffer.from('sep=;\nimage;class\nimages/a.png;ok\nimages/b.png;R\xe4ndel\n', 'latin1'));
    await expect(latin).rejects.toMatchObject({
      code: 'DATASET_MANIFEST',
      message: expect.stringMatching(/row 4, column 'class'.*UTF-8/),
    });
  });

  it('counts what lies beside its images and is named by no row', async () => {
    const { notes } = await recognise('image,class\nimages/a.png,ok\n');
    expect(notes.join(' ')).toContain('1 image file not in the list, and not used: images/b.png.');
  });

  it('collects missing images and masks, and names that are not UTF-8, as problems', async () => {
    const text =
      'image,mask,class\nimages/a.png,,ok\nimages/none.png,,ok\nimages/b.png,masks/none.png,dent\nimages,,ok\nm\xe4.png,,ok\n';
    const dataSet = await recognise(Buffer.from(text, 'latin1'));
    expect(dataSet.images.map(({ name, mask }) => [name, mask])).toEqual([
      ['images/a.png', undefined],
      ['images/b.png', undefined],
    ]);
    expect(dataSet.problems.map(({ name, code }) => [name, code])).toEqual([
      ['images', 'IMAGE_IS_DIRECTORY'],
      ['images/b.png', 'IMAGE_MISSING'],
      ['images/none.png', 'IMAGE_MISSING'],
      ['m\uFFFD.png', 'IMAGE_NAME'],
    ]);
  });

  it.each([
    ['no image column', 'picture,class\nimages/a.png,ok\n', /row 1 has no column 'image'.*'picture', 'class'/],
    ['no class column', 'image\nimages/a.png\n', /no column 'class'/],
    ['nothing', '', /no column 'image'/],
    ['no rows', 'image,class\n', /no rows/],
    ['an empty class', 'image,class\nimages/a.png,ok\nimages/b.png,\n', /row 3, column 'class': got ''/],
    ['an empty image', 'image,class\n,ok\n', /row 2, column 'image': got ''/],
    [
      'a fraction as fold',
      'image,class,fold\nimages/a.png,ok,0.5\n',
      /row 2, column 'fold': got '0.5'; legal is a whole number/,
    ],
    ['a missing fold', 'image,class,fold\nimages/a.png,ok,0\nimages/b.png,ok,\n', /row 3, column 'fold'/],
    ['an unknown side', 'image,class,published_split\nimages/a.png,ok,left\n', /got 'left'; legal is 'train', 'test'/],
    ['a number as class', 'image,class\nimages/a.png,1\n', /row 2, column 'class': got '1'.*--good-classes/],
    ['a word for not knowing as class', 'image,class\nimages/a.png,unknown\n', /row 2, column 'class': got 'unknown'/],
    ['a column twice', 'image,class,image\nimages/a.png,ok,b.png\n', /row 1 has two columns 'image'/],
    ['two spellings of a column', 'image,Class,class\nimages/a.png,ok,crack\n', /two columns 'Class' and 'class'/],
    ['a missing part group', 'image,class,part_group\nimages/a.png,ok,\n', /column 'part_group'/],
    ['an image twice', 'image,class\nimages/a.png,ok\n./images/a.png,ok\n', /row 3.*row 2 has it already/],
    ['too many cells', 'image,class\nimages/a.png,ok,more\n', /not a table/],
    ['a path above the folder', 'image,class\n../a.png,ok\n', /got '..\/a.png'; legal is a path inside the folder/],
    ['a path out and in', 'image,class\nimages/../../x/a.png,ok\n', /legal is a path inside/],
    ['a path out by backslashes', 'image,class\nimages\\..\\..\\a.png,ok\n', /legal is a path inside/],
    ['an absolute path', 'image,class\n/etc/a.png,ok\n', /legal is a path inside/],
    ['a drive', 'image,class\nC:\\a.png,ok\n', /legal is a path inside/],
    ['a mask outside', 'image,mask,class\nimages/a.png,../m.png,ok\n', /column 'mask'/],
  ])('is refused with %s', async (_what, text, message) => {
    const reason = recognise(text);
    await expect(reason).rejects.toMatchObject({ code: 'DATASET_MANIFEST' });
    await expect(reason).rejects.toThrow(message);
  });

  it('names the first row of one whose paths are all wrong', async () => {
    const reason = recognise('image,class\nset/images/a.png,ok\nset/images/b.png,dent\n');
    await expect(reason).rejects.toMatchObject({ code: 'DATASET_MANIFEST' });
    await expect(reason).rejects.toThrow(/none of its 2 images is there.*row 2.*set\/images\/a\.png/);
  });

  it('finds files under other capital letters, columns under usual names, and sides and good in other words', async () => {
    const text = 'File Name,Label,Part ID,Split\nIMAGES\\A.PNG,Gut,7,Training\nimages/b.png,Kratzer,8,val\n';
    const dataSet = await recognise(text);
    expect(dataSet.images).toMatchObject([
      { name: 'images/a.png', label: 'good', partGroup: '7', publishedSplit: 'train' },
      { name: 'images/b.png', label: 'defective', className: 'Kratzer', partGroup: '8' },
    ]);
    expect(dataSet.images[1]!.publishedSplit).toBeUndefined();
    expect(dataSet.notes.join(' ')).toContain('1 paths differ in capital letters alone');
  });

  it('is refused where an option would be without effect', async () => {
    const text = 'image,class\nimages/a.png,ok\n';
    const words = recognise(text, { goodClasses: ['ok', 'gutt'] });
    await expect(words).rejects.toMatchObject({ code: 'OPTION_INVALID', message: expect.stringContaining("'gutt'") });
    const columns = recognise(text, { columns: { klass: 'class' } as object });
    await expect(columns).rejects.toMatchObject({ code: 'OPTION_INVALID' });
  });

  it('is refused when an option names a column that is not there', async () => {
    const reason = recognise('image,class\nimages/a.png,ok\n', { columns: { fold: 'k' } });
    await expect(reason).rejects.toMatchObject({ code: 'DATASET_MANIFEST', message: expect.stringContaining("'k'") });
  });
});
