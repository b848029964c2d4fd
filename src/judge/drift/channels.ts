/** What is watched of every part: a row each, with what a drift of it looks like and what is to be done. */
import type { PictureStatistics } from '../../data/image/picture-statistics.ts';
import { LEAST } from './learned.ts';

export type Values = PictureStatistics & { readonly score: number };
export type ChannelName = keyof Values;

interface Side {
  /** What the pictures or parts are, such as `darker`. */
  readonly is: string;
  readonly advice: string;
}

export interface Channel {
  readonly title: string;
  /** A difference below this is no drift, however steady the values were. */
  readonly floor: number;
  /** The same as a share of what was learned. */
  readonly floorShare: number;
  /** As `Learned` takes it. */
  readonly least: number;
  readonly up: Side;
  readonly down: Side;
  /** How far, in words. */
  readonly far: (now: number, learned: number) => string;
}

const plain = (value: number): string => String(Number(value.toPrecision(3)));
const byShare = (now: number, learned: number): string =>
  learned === 0 ? `${plain(now)} in place of 0` : `by ${plain(Math.abs(100 * (now / learned - 1)))} %`;
const inPoints = (now: number, learned: number): string =>
  `by ${plain(Math.abs(100 * (now - learned)))} % of the light`;
const fromTo = (now: number, learned: number): string => `${plain(now)} in place of ${plain(learned)}`;

const lamp = 'check the lamp, its age and its supply, the exposure, and light from outside';
const colour = 'check the lamp and its age, the white balance, and the colour of material and coolant';

export const channels: Readonly<Record<ChannelName, Channel>> = {
  score: {
    title: 'Score',
    floor: 0,
    floorShare: 0.01,
    // what is NG says so itself: a smaller drift of scores is no news
    least: 1.5 * LEAST,
    up: {
      is: 'scores are higher',
      advice:
        'look at the parts of late: where they are good, look at light, lens, position, tool and material before good parts become NG',
    },
    down: {
      is: 'scores are lower',
      advice: 'present a reference part that is NG, and look whether camera and lens still show what they should',
    },
    far: fromTo,
  },
  brightness: {
    title: 'Brightness',
    floor: 1,
    floorShare: 0.01,
    least: LEAST,
    up: { is: 'brighter', advice: lamp },
    down: { is: 'darker', advice: lamp },
    far: byShare,
  },
  contrast: {
    title: 'Contrast',
    floor: 0.5,
    floorShare: 0.01,
    least: LEAST,
    up: { is: 'of more contrast', advice: `${lamp}; and whether the part lies as it did` },
    down: { is: 'of less contrast', advice: `clean lens and window; ${lamp}` },
    far: byShare,
  },
  sharpness: {
    title: 'Sharpness',
    floor: 0.002,
    floorShare: 0.02,
    least: LEAST,
    up: {
      is: 'sharper or noisier',
      advice: 'check gain and exposure of the camera, and whether surface or tool changed',
    },
    down: { is: 'less sharp', advice: 'check focus and distance, and clean lens and window' },
    far: byShare,
  },
  red: {
    title: 'Red beside green',
    floor: 0.005,
    floorShare: 0,
    least: LEAST,
    up: { is: 'redder', advice: colour },
    down: { is: 'less red', advice: colour },
    far: inPoints,
  },
  blue: {
    title: 'Blue beside green',
    floor: 0.005,
    floorShare: 0,
    least: LEAST,
    up: { is: 'bluer', advice: colour },
    down: { is: 'less blue', advice: colour },
    far: inPoints,
  },
  saturated: {
    title: 'Saturated',
    floor: 0.001,
    floorShare: 0,
    least: LEAST,
    up: { is: 'saturated in more places', advice: `lower the exposure; ${lamp}` },
    down: { is: 'saturated in fewer places', advice: lamp },
    far: (now, learned) => `${plain(100 * now)} % of the picture in place of ${plain(100 * learned)} %`,
  },
};

export const channelNames = Object.keys(channels) as ChannelName[];

/** A drift in plain words, and what is to be done. */
export function saying(name: ChannelName, now: number, learned: number): string {
  const { up, down, far } = channels[name];
  const { is, advice } = now > learned ? up : down;
  const what = name === 'score' ? is : `pictures are ${is}`;
  return `${what} than learned, ${far(now, learned)}: ${advice}`;
}
