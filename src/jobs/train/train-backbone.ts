/** `felfri train backbone`: images of good parts to a backbone of one's own, without labels and without weights from elsewhere. */
import { unjudgedVerdict } from '../../data/leak/verdict.ts';
import type { JudgedBundle } from '../judge/evaluate.ts';
import { type OwnBackbone, type OwnBackboneRequest, writeOwnBackbone } from './own-backbone-file.ts';
import { trainDetector } from './train-detector.ts';

export interface TrainedBackbone extends OwnBackbone {
  /** The U-Net that the backbone is the way down of; without labels it finds defects too. The output folder is its bundle. */
  readonly unet: JudgedBundle;
}

/**
 * Teaches a U-Net to find synthetic defects on the good images and keeps its way down as `backbone.onnx`. Where no test
 * image is defective, nothing is judged, and near copies are not looked for: among patterns of formulas that takes hours. Throws as `trainDetector`.
 */
export async function trainBackbone(request: OwnBackboneRequest): Promise<TrainedBackbone> {
  const { split } = request;
  const judged = split.test.some(({ label }) => label === 'defective');
  let written: OwnBackbone | undefined;
  const unet = await trainDetector('unet', {
    ...request,
    synthetic: 'only',
    ...(!judged && { leak: unjudgedVerdict(split) }),
    onTrained: async (weights) => {
      written = await writeOwnBackbone(request.output, weights, request.base);
    },
  });
  return { unet, ...written! };
}
