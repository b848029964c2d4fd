/** What is measured: the networks at the sizes that felfri is used with. */

export interface Case {
  readonly name: string;
  readonly title: string;
  /** For step.ts and the peer alike. */
  readonly arguments: readonly string[];
  /** Pairs of processes, one ours and one the peer's. */
  readonly repeats: { readonly full: number; readonly quick: number };
}

const words = (text: string): string[] => text.split(' ');

export const cases: readonly Case[] = [
  {
    name: 'flow',
    title: 'flow: 192 channels, hidden 128, 384 px, batch 16',
    arguments: words('csflow --channels 192 --hidden 128 --size 384 --batch 16 --steps 5'),
    repeats: { full: 5, quick: 3 },
  },
  {
    name: 'unet-16',
    title: 'U-Net: base 16, 256 px, batch 8',
    arguments: words('unet --base 16 --size 256 --batch 8 --steps 2'),
    repeats: { full: 5, quick: 2 },
  },
  {
    name: 'unet-32',
    title: 'U-Net: base 32, 256 px, batch 8',
    arguments: words('unet --base 32 --size 256 --batch 8 --steps 2'),
    repeats: { full: 3, quick: 0 },
  },
  {
    name: 'features',
    title: 'EfficientNet-B0 features: 384, 192 and 96 px, one image',
    arguments: words('effnet --variant b0 --size 384 --steps 15'),
    repeats: { full: 5, quick: 3 },
  },
];
