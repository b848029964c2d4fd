import { type Static, type TObject, Type } from '../../../../core/schema.ts';

export const folderSettings = {
  path: Type.String({
    pattern: '^(/|[A-Za-z]:[\\\\/]|\\\\\\\\).',
    description: 'the folder, from the root; it is looked through again and again, so that it may lie on a network',
  }),
  names: Type.String({
    default: '{part}',
    minLength: 1,
    maxLength: 200,
    description:
      'what the name of a file says, without its ending: `{part}`, `{lot}`, `{product}`, `{recipe}`, `{view}`, and `*` for anything',
  }),
  whole: Type.Enum(['stable', 'rename'], {
    default: 'stable',
    description:
      'how a file is known to be whole. stable: it did not change for `stableSeconds`; rename: it gets its name when it is written',
  }),
  stableSeconds: Type.Number({ default: 2, minimum: 0.05, maximum: 3600, description: 'see `whole`' }),
  pollSeconds: Type.Number({ default: 0.5, minimum: 0.05, maximum: 3600, description: 'from look to look' }),
  after: Type.Enum(['move', 'keep'], {
    default: 'move',
    description:
      'move: into felfri-done and felfri-aside within the folder; keep: they stay, and the station remembers which it had',
  }),
  lateSeconds: Type.Number({
    default: 60,
    minimum: 1,
    maximum: 604_800,
    description: 'an image that waits longer for its decision is an alarm',
  }),
  largestMegabytes: Type.Number({
    default: 64,
    minimum: 0.001,
    maximum: 2000,
    description: 'larger files are put aside',
  }),
  raw: Type.String({
    default: '',
    pattern: '^$|^[1-9]\\d{0,5}x[1-9]\\d{0,5}:\\w+$',
    description: 'what files ending in .raw, .frame and .bin are, such as 640x480:Mono12p',
  }),
};

export type FolderSettings = Static<TObject<typeof folderSettings>>;
