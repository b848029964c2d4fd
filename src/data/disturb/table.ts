/** The table of disturbances: what befalls pictures on a line, in degrees, from the mildest on. Pure functions of image, degree and stream. */
import type { Random } from '../../core/random.ts';
import { blurred, throughJpeg } from './by-library.ts';
import { dirty } from './dirt.ts';
import { moved } from './moved.ts';
import { type DeepImage, mapped, ofScale } from './unit-image.ts';

export interface Disturbance {
  readonly title: string;
  /** What a degree is, with its unit. */
  readonly degree: string;
  /** From the mildest to the strongest. */
  readonly degrees: readonly number[];
  /** The picture as it would be; `random` is the image's own, but for what lies on all of them alike. */
  disturb(image: DeepImage, degree: number, random: Random): DeepImage | Promise<DeepImage>;
  /** Whether every picture is disturbed by the same chances, as dirt on the lens is. */
  readonly sameForAll?: true;
}

const brightened = (image: DeepImage, percent: number): DeepImage => mapped(image, (v) => v * (1 + percent / 100));

/** To one of eight sides, so that no direction is preferred. */
function shifted(image: DeepImage, percent: number, random: Random): DeepImage {
  const distance = (percent / 100) * Math.min(image.width, image.height);
  const angle = (random.integer(8) * Math.PI) / 4;
  return moved(image, { x: distance * Math.cos(angle), y: distance * Math.sin(angle), degrees: 0 });
}

const turned = (image: DeepImage, degrees: number, random: Random): DeepImage =>
  moved(image, { x: 0, y: 0, degrees: random.next() < 0.5 ? degrees : -degrees });

const noisy = (image: DeepImage, percent: number, random: Random): DeepImage =>
  mapped(image, (v) => v + ofScale(percent / 100) * random.normal());

export const disturbances = {
  darker: {
    title: 'Less light',
    degree: 'light, % less',
    degrees: [5, 10, 20, 30, 50],
    disturb: (image, percent) => brightened(image, -percent),
  },
  brighter: {
    title: 'More light',
    degree: 'light, % more',
    degrees: [5, 10, 20, 30, 50],
    disturb: brightened,
  },
  blur: {
    title: 'Out of focus',
    degree: 'blur, pixels (standard deviation)',
    degrees: [0.5, 1, 1.5, 2, 3],
    disturb: blurred,
  },
  shift: {
    title: 'Shifted',
    degree: 'shift, % of the shorter side',
    degrees: [0.5, 1, 2, 4, 8],
    disturb: shifted,
  },
  turn: {
    title: 'Turned',
    degree: 'turn, degrees',
    degrees: [0.5, 1, 2, 5, 10],
    disturb: turned,
  },
  noise: {
    title: 'Noise of the camera',
    degree: 'noise, % of full scale (standard deviation)',
    degrees: [0.5, 1, 2, 4, 8],
    disturb: noisy,
  },
  jpeg: {
    title: 'Stored by JPEG',
    degree: 'JPEG, 100 less its quality',
    degrees: [5, 15, 30, 50, 70],
    disturb: (image, loss) => throughJpeg(image, 100 - loss),
  },
  dirt: {
    title: 'Dirt on the lens',
    degree: 'dirt, % of the picture',
    degrees: [0.1, 0.3, 1, 3],
    disturb: (image, percent, random) => dirty(image, percent / 100, random),
    sameForAll: true,
  },
} as const satisfies Readonly<Record<string, Disturbance>>;

export type DisturbanceName = keyof typeof disturbances;

export const disturbanceNames = Object.keys(disturbances) as DisturbanceName[];
