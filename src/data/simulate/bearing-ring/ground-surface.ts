/**
 * The reflectance of ground steel: grooves of several periods, long in one direction that bends and wanders slowly, single
 * deep marks, brighter bands, and a fine grain.
 */

import { smoothNoise1, smoothNoise2 } from '../smooth-noise.ts';
import type { Appearance } from './appearance.ts';
import type { Scan } from './scan.ts';

const octaves = 5;
/** Variance of smooth noise of two variables. */
const noiseVariance = 0.18;
/** Each octave's period over that of the one before; not 1/2, so that the nodes of the octaves do not line up. */
const periodRatio = 0.57;

/** Reflectance of a good part, height x width, mean about 1. The same surface wherever two scans overlap. */
export function groundSurface(part: Appearance, scan: Scan): Float32Array {
  const out = new Float32Array(scan.width * scan.height);
  const main = 1 / (1 + part.crossShare);
  addGrooves(out, part, scan, part.direction, part.textureSeed, part.contrast * main, 0);
  if (part.crossShare > 0.05) {
    const height = part.contrast * part.crossShare * main;
    addGrooves(out, part, scan, part.direction + part.crossAngle, part.textureSeed ^ 0x5bd1e995, height, 2);
  }
  addBandsAndGrain(out, part, scan);
  return out;
}

/**
 * Adds one set of grooves, of standard deviation `height`; `first` is the coarsest octave that it has. Coordinates: v runs across the grooves
 * and u along them. The pattern does not depend on where along the ring it is seen but through the noise, as grinding turns the ring about its axis.
 */
function addGrooves(
  out: Float32Array,
  part: Appearance,
  scan: Scan,
  direction: number,
  seed: number,
  height: number,
  first: number,
): void {
  const cosine = Math.cos(direction);
  const sine = Math.sin(direction);
  const middle = scan.width / 2;
  const heights = new Float64Array(octaves);
  const perPeriod = new Float64Array(octaves);
  const perLength = new Float64Array(octaves);
  let power = 0;
  for (let k = first; k < octaves; k++) power += part.roughness ** (2 * k);
  for (let k = first; k < octaves; k++) {
    heights[k] = (part.roughness ** k * height) / Math.sqrt(noiseVariance * power);
    perPeriod[k] = 1 / (part.period * periodRatio ** k);
    // finer grooves are shorter, but less so than they are narrower
    perLength[k] = 1 / (part.grooveLength * Math.sqrt(periodRatio ** k));
  }
  for (let y = 0, p = 0; y < scan.height; y++) {
    const alongRow = scan.along[y]!;
    const wander = 6 * smoothNoise1(alongRow / 170, seed + 11);
    for (let x = 0; x < scan.width; x++, p++) {
      const across = x + scan.across[y]!;
      const v = across * cosine + alongRow * sine + 0.5 * part.curvature * (across - middle) ** 2 + wander;
      const u = alongRow * cosine - across * sine;
      let sum = 0;
      for (let k = first; k < octaves; k++) {
        const groove = v * perPeriod[k]!;
        // neighbouring grooves begin and end at different places
        sum += heights[k]! * smoothNoise2(groove, u * perLength[k]! + 0.618 * groove, seed + k);
      }
      // single deep marks: only the highest crests of a field count
      const mark = smoothNoise2(v / 2.1, u / 110 + v * 0.61, seed + 31) - 0.78;
      if (mark > 0) sum -= 10 * height * mark;
      out[p]! += sum;
    }
  }
}

/** Adds the mean of 1, bands of grooves that the wheel burnished brighter, and the grain between grooves. */
function addBandsAndGrain(out: Float32Array, part: Appearance, scan: Scan): void {
  const cosine = Math.cos(part.direction);
  const sine = Math.sin(part.direction);
  const seed = part.textureSeed;
  const grain = 0.25 * part.contrast;
  for (let y = 0, p = 0; y < scan.height; y++) {
    const alongRow = scan.along[y]!;
    for (let x = 0; x < scan.width; x++, p++) {
      const across = x + scan.across[y]!;
      const v = across * cosine + alongRow * sine;
      out[p]! +=
        1 +
        part.bandHeight * smoothNoise1(v / part.bandPeriod, seed + 51) +
        grain * smoothNoise2(across / 1.7, alongRow / 1.7, seed + 52);
    }
  }
}
