/** `felfri train backbone`: images of good parts to a backbone of one's own, without labels and without weights from elsewhere. */
import { join } from 'node:path';
import { sha256, writeFileAtomic } from '../core/files.ts';
import { ownBackboneModel } from '../detectors/unet/own-backbone.ts';
import type { JudgedBundle } from './evaluate.ts';
import { trainUnet, type UnetRequest } from './train-unet.ts';

/** The backbone's file in the output folder, which is a bundle of the U-Net beside it. */
const ownBackboneFile = 'backbone.onnx';

export interface TrainedBackbone {
  /** The U-Net that the backbone is the way down of; without labels it finds defects too. */
  readonly unet: JudgedBundle;
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * Teaches a U-Net to find synthetic defects on the good images and keeps its way down as `backbone.onnx`. Throws as `trainUnet`.
 */
export async function trainBackbone(request: Omit<UnetRequest, 'encoder' | 'synthetic'>): Promise<TrainedBackbone> {
  const file = join(request.output, ownBackboneFile);
  let model = new Uint8Array();
  const unet = await trainUnet({
    ...request,
    synthetic: 'only',
    onTrained: async (weights) => {
      model = ownBackboneModel(weights, request);
      await writeFileAtomic(file, model);
    },
  });
  return { unet, file, bytes: model.length, sha256: sha256(model) };
}
