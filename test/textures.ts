/** Made pictures of parts: a texture of its own for each part, photographed under chosen exposure, displacement, crop and noise. */
import { Random } from '../src/core/random.ts';
import { encodePng } from '../src/data/image/encode.ts';
import type { Image } from '../src/data/image/raster.ts';

export interface Shot {
  /** Factor of the light, 1 unless told. */
  readonly exposure?: number;
  /** Pixels by which the camera is displaced. */
  readonly dx?: number;
  readonly dy?: number;
  /** Pixels cut off on each side. */
  readonly crop?: number;
  /** Standard deviation of the camera's noise in grey values. */
  readonly noise?: number;
}

/** Cosines of many directions and wave lengths about a common shape (a bright ring), as part `seed` alone has them. */
function photograph(seed: number, { exposure = 1, dx = 0, dy = 0, crop = 0, noise = 1 }: Shot = {}): Image {
  const texture = Random.of(seed, 'texture');
  const waves = Array.from({ length: 48 }, (_, n) => {
    // coarse and fine ones, as on real surfaces
    const most = n % 2 ? 0.12 : 0.5;
    return {
      x: texture.uniform(-most, most),
      y: texture.uniform(-most, most),
      phase: texture.uniform(0, 2 * Math.PI),
    };
  });
  const camera = Random.of(seed, 'camera', Math.round(1000 * (exposure + dx / 7 + dy / 13 + crop / 17)));
  const side = 160 - 2 * crop;
  const data = new Uint8Array(side * side);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const u = x + crop + dx;
      const v = y + crop + dy;
      const ring = Math.abs(Math.hypot(u - 80, v - 80) - 50) < 8 ? 60 : 0;
      const own = waves.reduce((sum, wave) => sum + Math.cos(wave.x * u + wave.y * v + wave.phase), 0);
      data[y * side + x] = Math.max(0, Math.min(255, exposure * (70 + ring + 4 * own) + noise * camera.normal()));
    }
  }
  return { width: side, height: side, channels: 1, data };
}

export const photographPng = (seed: number, shot?: Shot): Promise<Uint8Array> => encodePng(photograph(seed, shot));
