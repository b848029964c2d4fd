/** A picture of a surface: another place of it each time, in another light, with another focus and another camera. */
import { Random } from '../../../core/random.ts';
import { digitise, type Exposure, expose } from '../optics.ts';
import { beforeBackground, drawOutline } from './outline.ts';
import { type Surface, surfaceOf } from './surface.ts';
import { logUniform, type Texture } from './texture.ts';

/** Share of the surfaces that are parts whose outline shows. */
const outlined = 0.25;

/** Furthest place of a surface that is photographed, pixels. */
const furthest = 20_000;

/** The light of one picture: brighter to one side, to the middle or to the corners, by anything from nothing to a half. */
function drawLight(random: Random, size: number): Exposure {
  const level = 255 * logUniform(random, 0.6, 1.25);
  const line = (): Float32Array => {
    const slope = random.uniform(-1, 1) * random.uniform(0, 0.5);
    const hollow = random.uniform(-0.1, 0.3) * random.next();
    return Float32Array.from({ length: size }, (_, i) => {
      const t = (2 * i) / size - 1;
      return 1 + slope * t - hollow * (t * t - 1 / 3);
    });
  };
  return { columns: line().map((v) => level * v), rows: line(), blur: logUniform(random, 0.3, 2) };
}

/** Image number `view` of a surface, size x size, 8-bit grey. Equal arguments give equal bytes. */
export function viewOf(surface: Surface, { seed, part, view, size }: ViewName): Uint8Array {
  const random = Random.of(seed, 'surface view', part, view);
  const [x0, y0] = [random.uniform(0, furthest), random.uniform(0, furthest)];
  const place: Texture = (x, y) => surface.reflectance(x + x0, y + y0);
  const shown = Random.of(seed, 'surface outline', part);
  const texture =
    shown.next() < outlined
      ? beforeBackground(
          place,
          surfaceOf(seed, part + 1 + shown.integer(500)).reflectance,
          drawOutline(random, size),
          shown,
        )
      : place;
  const reflectance = new Float32Array(size * size);
  for (let y = 0, p = 0; y < size; y++) {
    for (let x = 0; x < size; x++, p++) reflectance[p] = Math.max(0, texture(x, y));
  }
  return digitise(expose(reflectance, drawLight(random, size)), random, logUniform(random, 0.5, 5));
}

interface ViewName {
  readonly seed: number;
  readonly part: number;
  readonly view: number;
  readonly size: number;
}
