/** Options that every training has; each detector says by its presets what they are. */
import { aboveZero, type Kind, oneOf, type Presets, wholeFrom } from '../core/options.ts';
import type { Canvas } from '../train/canvas.ts';

/** Height and width; NaN where the text says none. */
function sidesOf(size: string | number): readonly [number, number] {
  const match = /^(\d+)(?:x(\d+))?$/.exec(String(size));
  return [Number(match?.[1]), Number(match?.[2] ?? match?.[1])];
}

/** The sides of a canvas: one number for a square, or HEIGHTxWIDTH. Which are legal, the detector knows. */
const sizes: Kind<string | number> = {
  legal: 'Give a number of pixels such as 384, or HEIGHTxWIDTH such as 256x512.',
  read: (given) => {
    const size = String(given);
    return sidesOf(size).some(Number.isNaN) ? undefined : size;
  },
};

/** The same, or `auto`: by the images' own sizes. */
export const sizesOrAuto: Kind<string | number> = {
  legal: `${sizes.legal.slice(0, -1)}, or auto.`,
  read: (given) => (given === 'auto' ? given : sizes.read(given)),
};

export function canvasOf(size: string | number, fit: Canvas['fit']): Canvas {
  const [height, width] = sidesOf(size);
  return { height, width, fit };
}

export const epochs = (preset: Presets<number>) =>
  ({
    kind: wholeFrom(0),
    form: '<n>',
    help: 'times that every training image is seen',
    preset,
    page: { label: 'Epochs', empty: 'by default', range: { least: 1, most: 1000 } },
  }) as const;

export const batch = (preset: Presets<number>) =>
  ({ kind: wholeFrom(1), form: '<n>', help: 'images or patches a step', preset }) as const;

export const learningRate = (preset: Presets<number>) =>
  ({ kind: aboveZero, flag: 'lr', form: '<rate>', help: 'learning rate', preset }) as const;

export const size = {
  kind: sizes,
  form: '<pixels>',
  help: 'canvas that an image is brought to, such as 384 or 256x512',
  page: { label: 'Canvas, pixels', empty: 'by default', range: { least: 32, most: 2048 } },
} as const;

export const fit = {
  kind: oneOf('stretch', 'letterbox'),
  form: '<how>',
  help: 'stretch, or letterbox to keep proportions',
} as const;
