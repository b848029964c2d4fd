/** A heat map with a strip below it that says what was decided, by which score and limits, and why: the picture explains itself wherever it goes. */
import type { Image } from '../data/image/raster.ts';
import type { Decision } from '../judge/decision.ts';
import { axisTicks, placeOf, timesAt } from './fixed-axis.ts';
import { colourAt, strengthOf } from './heat-map.ts';
import { LETTER, linesOf, write } from './letters.ts';

export interface Stamp {
  readonly decision: Decision;
  readonly score: number;
  readonly threshold: number | null;
  readonly review: number | null;
  readonly reason: string | null;
}

/** Pixels of the picture's width for each pixel of a dot. */
const WIDTH_A_DOT = 400;
/** Dots between what stands on the strip, and of the scale's height. */
const GAP = 4;
const BAR = 8;
const WHITE = 255;
const DARK = 24;
const GREY = 110;

const short = (score: number): string => Number(score.toPrecision(3)).toString();

function words({ decision, score, threshold, review, reason }: Stamp, letters: number): string[] {
  const limits = [
    threshold === null ? 'no threshold' : `NG from ${short(threshold)}`,
    ...(review === null ? [] : [`REVIEW from ${short(review)}`]),
  ];
  const first = `${decision}: score ${short(score)}, ${limits.join(', ')}`;
  return [...linesOf(first, letters), ...(reason === null ? [] : linesOf(reason, letters))];
}

/** The scale of scores in the map's colours, logarithmic, with a line at the threshold and a mark at the score. */
function drawScale({ width, data }: Image, { score, threshold }: Stamp, top: number, dot: number): void {
  const left = GAP * dot;
  const length = width - 2 * left;
  const column = (x: number, from: number, to: number, colour: readonly number[]): void => {
    for (let y = from; y < to; y++) for (let c = 0; c < 3; c++) data[(y * width + x) * 3 + c] = colour[c]!;
  };
  for (let i = 0; i < length; i++) {
    const strength = strengthOf(timesAt(i / length));
    column(left + i, top + 2 * dot, top + (BAR - 2) * dot, strength === 0 ? [GREY, GREY, GREY] : colourAt(strength));
  }
  const mark = (value: number, wide: number, colour: readonly number[]): void => {
    const middle = left + Math.round(placeOf(value, threshold!) * (length - 1));
    for (let x = Math.max(0, middle - wide); x <= Math.min(width - 1, middle + wide); x++)
      column(x, top, top + BAR * dot, colour);
  };
  for (const times of axisTicks) mark(times * threshold!, 0, times === 1 ? [WHITE, WHITE, WHITE] : [GREY, GREY, GREY]);
  mark(score, dot, [0, 0, 0]);
  mark(score, dot - 1, [WHITE, WHITE, WHITE]);
}

/** The RGB picture with the strip below; `scaled` says whether its colours go by the threshold, so that the scale is theirs. */
export function stamped(picture: Image, stamp: Stamp, scaled: boolean): Image {
  const { width, height } = picture;
  const dot = Math.max(1, Math.round(width / WIDTH_A_DOT));
  const letters = Math.max(8, Math.floor((width - 2 * GAP * dot) / (LETTER.wide * dot)));
  const lines = words(stamp, letters);
  const bar = scaled ? BAR + GAP : 0;
  const tall = (GAP + bar + lines.length * LETTER.tall + GAP) * dot;
  const data = new Uint8Array(width * (height + tall) * 3).fill(DARK);
  data.set(picture.data);
  const whole = { width, height: height + tall, channels: 3, data } as const;
  const top = height + GAP * dot;
  if (scaled) drawScale(whole, stamp, top, dot);
  for (const [i, line] of lines.entries()) {
    const y = top + (bar + i * LETTER.tall) * dot;
    write(whole, line, { x: GAP * dot, y, size: dot, grey: WHITE });
  }
  return whole;
}
