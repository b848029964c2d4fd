/** Which operators an inspection's time goes to: what `felfri bench --profile` shows. */
import { readManifest, readModel } from '../../bundle/content.ts';
import { detect } from '../../bundle/detect.ts';
import { takeImage } from '../../data/image/intake.ts';
import type { Image, Pixels } from '../../data/image/raster.ts';
import type { Device } from '../../engine/runtime/devices.ts';
import { type Profile, profiled } from '../../engine/runtime/profile.ts';
import { WorkerSession } from '../../engine/workers/remote.ts';

export interface ProfileOptions {
  readonly threads: number;
  readonly device: Device;
  /** For about so long. */
  readonly seconds: number;
  readonly signal?: AbortSignal;
}

export interface BundleProfile extends Profile {
  readonly threads: number;
}

/** Inspections before those that count; and the fewest and the most that do. */
const [WARM_UP, FEWEST, MOST] = [2, 5, 100];
/** Images that are kept in memory. */
const MOST_IMAGES = 10;

/** Profiles the model of a bundle on images that can be read. Throws BUNDLE_INVALID. */
export async function profileBundle(
  bundle: string,
  files: readonly string[],
  { threads, device, seconds, signal }: ProfileOptions,
): Promise<BundleProfile> {
  const manifest = await readManifest(bundle);
  const { pixels: intake } = manifest;
  const model = await readModel(bundle, manifest);
  const images: Image<Pixels>[] = [];
  for (const file of files.slice(0, MOST_IMAGES)) images.push(await takeImage(file, intake));
  const profile = await profiled(
    (options) => WorkerSession.create(model, { threads, device, ...options }),
    async (runner) => {
      const end = performance.now() + seconds * 1000;
      for (let i = 0; i < WARM_UP + MOST; i++) {
        if (i >= WARM_UP + FEWEST && (performance.now() > end || signal?.aborted)) break;
        await detect(runner, images[i % images.length]!, { intake });
      }
    },
    WARM_UP,
  );
  return { threads, ...profile };
}
