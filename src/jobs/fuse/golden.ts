/** What a fused model must give for an image, from what its two detectors give, without the fused model: its golden outputs. */
import type { DetectorOutput } from '../../bundle/golden.ts';
import { combine } from '../../detectors/fusion/combination.ts';
import { type FusedDetector, type FusionOptions, mapInScores, rangeWidth } from '../../detectors/fusion/inspection.ts';
import { standardScore } from '../../detectors/fusion/scale.ts';
import { resampleMap } from '../../inspect/score-map.ts';
import { partsOf } from './scales.ts';

type Own = Pick<DetectorOutput, 'score' | 'map'>;

const within = (value: number, { mapRange }: FusedDetector): number => (value - mapRange.low) / rangeWidth(mapRange);

/** Score, parts and map of the fusion of two bundles' outputs for the same image. */
export function fusedOutput(flow: Own, unet: Own, options: FusionOptions): DetectorOutput {
  const [, , height, width] = unet.map.shape as [number, number, number, number];
  const { combination } = options;
  const data = resampleMap(flow.map, width, height).map((v, i) => {
    const u = unet.map.data[i]!;
    if (!mapInScores(options)) return Math.max(within(v, options.flow), within(u, options.unet));
    const parts = { flow: standardScore(v, options.flow.scale), unet: standardScore(u, options.unet.scale) };
    return combine(parts, combination);
  });
  const parts = partsOf(flow.score, unet.score, { flow: options.flow.scale, unet: options.unet.scale });
  return { score: combine(parts, combination), map: { shape: unet.map.shape, data }, parts };
}
