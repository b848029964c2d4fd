/** The file of a backbone of one's own, which a flow takes by `onnx:FILE`. */
import { join } from 'node:path';
import { sha256, writeFileAtomic } from '../../core/files.ts';
import type { NamedTensors } from '../../core/tensor.ts';
import { ownBackboneModel } from '../../detectors/unet/own-backbone.ts';
import type { DetectorRequest } from './train-detector.ts';

/** What a backbone of one's own is trained with: the U-Net's settings, but for what labels and a fixed way down would bring. */
export type OwnBackboneRequest = Omit<DetectorRequest<'unet'>, 'encoder' | 'synthetic' | 'onTrained'>;

export interface OwnBackbone {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Writes the way down of a U-Net with these weights as `backbone.onnx` into the folder. */
export async function writeOwnBackbone(folder: string, weights: NamedTensors, base: number): Promise<OwnBackbone> {
  const file = join(folder, 'backbone.onnx');
  const model = ownBackboneModel(weights, { base });
  await writeFileAtomic(file, model);
  return { file, bytes: model.length, sha256: sha256(model) };
}
