/**
 * One simulated image of a bearing-ring face, with its exact mask: surface, blemishes, defect, light and camera in turn.
 */
import { FelfriError } from '../../../core/errors.ts';
import { Random } from '../../../core/random.ts';
import { digitise, drawExposure, expose } from '../optics.ts';
import { drawAppearance } from './appearance.ts';
import { addBlemishes } from './blemishes.ts';
import { type DefectClass, defectDrawings } from './defects.ts';
import { groundSurface } from './ground-surface.ts';
import { scanRing } from './scan.ts';

/** Every class that the simulator makes. */
export const simulatedClasses = ['good', ...(Object.keys(defectDrawings) as DefectClass[])] as const;

export type SimulatedClass = 'good' | DefectClass;

export interface SimulatedPartOptions {
  /** Number of the part: equal numbers show the same ring. Default 0. */
  readonly part?: number;
  /** Number of the image of that part: another stretch of the face. Default 0. */
  readonly image?: number;
  /** Pixels, 32 or more. Default 256. */
  readonly width?: number;
  /** Pixels along the scan, 32 or more. Default the width. */
  readonly height?: number;
  /** Default `good`. */
  readonly className?: SimulatedClass;
  /** Divides the contrast of defects and multiplies that of harmless blemishes: 0.25 (easy) to 4 (hard). Default 1. */
  readonly difficulty?: number;
}

export interface SimulatedPart {
  readonly width: number;
  readonly height: number;
  /** Grey values 0..255, height x width. */
  readonly image: Uint8Array;
  /** 1 where the defect changes the grey value by more than `maskThreshold` before noise, else 0; height x width. */
  readonly mask: Uint8Array;
  readonly className: SimulatedClass;
  /** Grey values before noise, neither rounded nor clipped: what the mask is defined on; height x width. */
  readonly clean: Float32Array;
}

/** Grey values (of 255), before noise, above which a defect's change belongs to its mask. */
export const maskThreshold = 4;

/** A defect that changes fewer pixels than this is drawn again with more contrast: nobody could mark it. */
const smallestDefect = 12;

/**
 * Simulates one image. Equal seeds and options give equal pixels; without its defect the image is the same but for the pixels that the
 * defect changes. Throws OPTION_INVALID for an illegal option.
 */
export function simulatePart(seed: number, options: SimulatedPartOptions = {}): SimulatedPart {
  const { part = 0, image = 0, width = 256, height = width, className = 'good', difficulty = 1 } = options;
  checkSimulation({ width, height, difficulty, className });
  const stream = (name: string) => Random.of(seed, name, part, image);
  const looks = drawAppearance(seed, part);

  const scanStream = stream('scan');
  // stretches of one face never overlap
  const scan = scanRing(scanStream, width, height, image * (height + 64), scanStream.uniform(0.05, 0.3));
  const surface = groundSurface(looks, scan);
  addBlemishes(surface, scan, stream('blemishes'), difficulty);

  const light = stream('light');
  const level = looks.level * light.uniform(0.94, 1.06);
  const exposure = drawExposure(light, width, height, level, looks.blur * light.uniform(0.92, 1.08));

  const mask = new Uint8Array(width * height);
  let change: Float32Array | undefined;
  if (className !== 'good') {
    let strength = 1 / difficulty;
    for (let found = 0; found < smallestDefect; strength *= 1.3) {
      change = new Float32Array(width * height);
      defectDrawings[className](change, { part: looks, scan, surface }, stream('defect'), strength);
      // blur and exposure are linear, so the change of the grey values is the exposed change of the surface
      expose(change, exposure);
      found = markChange(mask, change);
    }
  }
  const clean = expose(surface, exposure);
  if (change) for (let p = 0; p < clean.length; p++) clean[p]! += change[p]!;
  return { width, height, image: digitise(clean, stream('sensor')), mask, className, clean };
}

/** Writes the mask of a change of grey values and returns its number of pixels. */
function markChange(mask: Uint8Array, change: Float32Array): number {
  let count = 0;
  for (let p = 0; p < mask.length; p++) {
    mask[p] = Math.abs(change[p]!) > maskThreshold ? 1 : 0;
    count += mask[p]!;
  }
  return count;
}

/** Throws OPTION_INVALID unless size, difficulty and class can be simulated. */
export function checkSimulation(given: { width: number; height: number; difficulty: number; className: string }): void {
  const fail = (option: string, legal: string) => {
    const got = given[option as keyof typeof given];
    throw new FelfriError('OPTION_INVALID', `${option} is ${got}; it must be ${legal}`, { subject: option });
  };
  const legalSize = (n: number) => Number.isInteger(n) && n >= 32 && n <= 16384;
  if (!legalSize(given.width)) fail('width', 'a whole number of pixels from 32 to 16384');
  if (!legalSize(given.height)) fail('height', 'a whole number of pixels from 32 to 16384');
  if (!(given.difficulty >= 0.25 && given.difficulty <= 4)) fail('difficulty', 'from 0.25 (easy) to 4 (hard)');
  if (!(simulatedClasses as readonly string[]).includes(given.className)) {
    fail('className', `one of ${simulatedClasses.join(', ')}`);
  }
}
