/**
 * One image of a link: the solid traced, skin and harmless marks on it, lit, before a background, through the lens. Defects are tried on it
 * and kept, and the mask is exactly what they change.
 */
import type { Random } from '../../../core/random.ts';
import { keepVisible } from '../defect-change.ts';
import { digitise, type Exposure, expose } from '../optics.ts';
import { drawBackdrop } from './backdrop.ts';
import { type Skin, type SkinPoint, skinAt } from './forged-surface.ts';
import { radianceAt, type SkinView } from './lighting.ts';
import type { Distance } from './link-shape.ts';
import type { Cut } from './missing-material.ts';
import { type Pose, project, type Vector } from './pose.ts';
import type { SurfaceMark } from './surface-marks.ts';
import { dot, type SurfacePlace } from './surface-place.ts';
import { type PixelBox, type TracedView, traceView } from './traced-view.ts';

/** A mark and where it lies. */
export interface PlacedMark {
  readonly mark: SurfaceMark;
  readonly place: SurfacePlace;
}

/** What a link is made of, the same in all its views. */
export interface LinkBody {
  readonly distance: Distance;
  readonly skin: Skin;
  readonly harmless: readonly PlacedMark[];
}

/** A defect tried on one view: its change of grey values within a box, 0 outside its mask, and the number of mask pixels. */
export interface TriedChange {
  readonly box: PixelBox;
  readonly change: Float32Array;
  readonly count: number;
}

export class LinkView {
  readonly size: number;
  readonly #body: LinkBody;
  readonly #pose: Pose;
  readonly #exposure: Exposure;
  readonly #traced: TracedView;
  readonly #skin: SkinView;
  /** Radiance of the background alone, and of the whole good picture. */
  readonly #backdrop: Float32Array;
  readonly #radiance: Float32Array;
  readonly #clean: Float32Array;
  readonly #mask: Uint8Array;
  readonly #sensor: () => Random;

  /** `stream` names the image. */
  constructor(body: LinkBody, pose: Pose, size: number, stream: (name: string) => Random) {
    this.size = size;
    this.#body = body;
    this.#pose = pose;
    this.#sensor = () => stream('sensor');
    this.#exposure = drawStillExposure(stream('exposure'), size);
    this.#backdrop = drawBackdrop(stream('backdrop'), size);
    const box = { left: 0, top: 0, width: size, height: size };
    this.#traced = traceView(body.distance, pose, box);
    this.#skin = this.#skinOf(this.#traced);
    this.#radiance = this.#compose(this.#traced, this.#skin);
    this.#clean = expose(this.#radiance.slice(), this.#exposure);
    this.#mask = new Uint8Array(size * size);
  }

  /** The skin under each pixel, harmless marks included. */
  #skinOf(traced: TracedView): SkinView {
    const count = traced.cover.length;
    const gradient = new Float32Array(3 * count);
    const albedo = new Float32Array(count);
    const gloss = new Float32Array(count);
    const at: SkinPoint = { gx: 0, gy: 0, gz: 0, albedo: 1, gloss: 0 };
    const { position, normal, cover } = traced;
    for (let p = 0, i = 0; p < count; p++, i += 3) {
      if (cover[p] === 0) continue;
      skinAt(this.#body.skin, position[i]!, position[i + 1]!, position[i + 2]!, normal[i + 2]!, at);
      gradient[i] = at.gx;
      gradient[i + 1] = at.gy;
      gradient[i + 2] = at.gz;
      albedo[p] = at.albedo;
      gloss[p] = at.gloss;
    }
    for (const { mark, place } of this.#body.harmless) {
      eachMarked(traced, this.#boxOf(place.point, mark.reach), mark, place, (p, slope, factor) => {
        for (let c = 0; c < 3; c++) gradient[3 * p + c]! += slope[c]!;
        albedo[p]! *= factor;
      });
    }
    return { gradient, albedo, gloss };
  }

  /** Radiance of each pixel of a traced box before the background. */
  #compose(traced: TracedView, skin: SkinView): Float32Array {
    const { left, top, width } = traced.box;
    return traced.cover.map((cover, p) => {
      const behind = this.#backdrop[(top + Math.floor(p / width)) * this.size + left + (p % width)]!;
      if (cover === 0) return behind;
      return behind + cover * (radianceAt(traced, skin, this.#pose, p) - behind);
    });
  }

  /** The pixels around the image of a ball, with room for the blur; empty where it is out of the picture. */
  #boxOf(centre: Vector, reach: number): PixelBox {
    const [x, y] = project(this.#pose, centre);
    const far = reach * this.#pose.scale + 5;
    const left = Math.min(this.size, Math.max(0, Math.floor(x - far)));
    const top = Math.min(this.size, Math.max(0, Math.floor(y - far)));
    const width = Math.max(0, Math.min(this.size, Math.ceil(x + far)) - left);
    return { left, top, width, height: Math.max(0, Math.min(this.size, Math.ceil(y + far)) - top) };
  }

  /** What a mark on the skin would change. */
  tryMark({ mark, place }: PlacedMark): TriedChange {
    const box = this.#boxOf(place.point, mark.reach);
    const change = new Float32Array(box.width * box.height);
    const good = this.#traced;
    eachMarked(good, box, mark, place, (p, gradient, albedo) => {
      const marked = radianceAt(good, this.#skin, this.#pose, p, { gradient, albedo });
      const inBox = (Math.floor(p / this.size) - box.top) * box.width + (p % this.size) - box.left;
      change[inBox] = good.cover[p]! * (marked - radianceAt(good, this.#skin, this.#pose, p));
    });
    return this.#seen(box, change);
  }

  /** What missing material would change. */
  tryCut({ distance, centre, reach }: Cut): TriedChange {
    const box = this.#boxOf(centre, reach + 3);
    const traced = traceView(distance, this.#pose, box);
    const change = this.#compose(traced, this.#skinOf(traced));
    for (let p = 0; p < change.length; p++) change[p]! -= this.#radiance[this.#inImage(box, p)]!;
    return this.#seen(box, change);
  }

  /** Index in the image of pixel `p` of a box. */
  #inImage({ left, top, width }: PixelBox, p: number): number {
    return (top + Math.floor(p / width)) * this.size + left + (p % width);
  }

  /** A change of radiance through the lens; what cannot be seen is dropped. */
  #seen(box: PixelBox, change: Float32Array): TriedChange {
    const { columns, rows, blur } = this.#exposure;
    if (change.length === 0) return { box, change, count: 0 };
    expose(change, {
      columns: columns.subarray(box.left, box.left + box.width),
      rows: rows.subarray(box.top, box.top + box.height),
      blur,
    });
    return { box, change, count: keepVisible(change) };
  }

  /** Whether a change touches a defect that was added before. */
  overlaps({ box, change }: TriedChange): boolean {
    return change.some((c, p) => c !== 0 && this.#mask[this.#inImage(box, p)] === 1);
  }

  add({ box, change }: TriedChange): void {
    for (let p = 0; p < change.length; p++) {
      if (change[p] === 0) continue;
      const at = this.#inImage(box, p);
      this.#clean[at]! += change[p]!;
      this.#mask[at] = 1;
    }
  }

  /** Grey values before noise, the 8-bit image, and the mask of 0 and 1; size x size. */
  render(): { clean: Float32Array; image: Uint8Array; mask: Uint8Array } {
    return { clean: this.#clean, image: digitise(this.#clean, this.#sensor()), mask: this.#mask };
  }
}

/** Camera settings of one still image: exposure, a lens that darkens towards the corners, focus. */
function drawStillExposure(random: Random, size: number): Exposure {
  const level = random.uniform(112, 170);
  const hollow = random.uniform(0.03, 0.08);
  const lean = random.uniform(-0.05, 0.05);
  const profile = (slope: number, height: number) =>
    Float32Array.from({ length: size }, (_, i) => {
      const t = (2 * i) / size - 1;
      return height * (1 + slope * t - hollow * t * t);
    });
  return { columns: profile(lean, level), rows: profile(-lean, 1), blur: random.uniform(0.6, 0.9) };
}

/** Visits the pixels of a full view that a mark changes, with the slope in part coordinates and the factor on the reflectance that it adds. */
function eachMarked(
  { box: whole, position, normal, cover }: TracedView,
  box: PixelBox,
  mark: SurfaceMark,
  { point, normal: up, u, v }: SurfacePlace,
  visit: (p: number, gradient: Vector, albedo: number) => void,
): void {
  const e = 0.08;
  const right = Math.min(box.left + box.width, whole.left + whole.width);
  const bottom = Math.min(box.top + box.height, whole.top + whole.height);
  for (let y = Math.max(box.top, whole.top); y < bottom; y++) {
    for (let x = Math.max(box.left, whole.left); x < right; x++) {
      const p = (y - whole.top) * whole.width + x - whole.left;
      if (cover[p] === 0) continue;
      const i = 3 * p;
      const local: Vector = [position[i]! - point[0], position[i + 1]! - point[1], position[i + 2]! - point[2]];
      const a = dot(local, u);
      const b = dot(local, v);
      if (a * a + b * b > mark.reach * mark.reach) continue;
      // neither another wall behind this one nor one that turns away
      if (Math.abs(dot(local, up)) > 0.7 * mark.reach) continue;
      if (dot([normal[i]!, normal[i + 1]!, normal[i + 2]!], up) < 0.25) continue;
      const here = mark.at(a, b);
      const du = (mark.at(a + e, b).height - here.height) / e;
      const dv = (mark.at(a, b + e).height - here.height) / e;
      if (du === 0 && dv === 0 && here.albedo === 1) continue;
      visit(p, [du * u[0] + dv * v[0], du * u[1] + dv * v[1], du * u[2] + dv * v[2]], here.albedo);
    }
  }
}
