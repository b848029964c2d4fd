/** The options that name a backbone, shared by flow and U-Net. */
import type { Command } from 'commander';
import type { Backbone } from '../detectors/backbones/backbone.ts';
import type { Depths } from '../detectors/backbones/depths.ts';
import { openBackbone } from '../detectors/backbones/select.ts';
import { legalBackbones } from '../detectors/backbones/table.ts';
import { oneOf } from './options.ts';

export interface BackboneChoice {
  readonly backbone?: string;
  readonly weights?: string;
  readonly padding?: 'same' | 'symmetric';
  readonly outputs?: string;
}

export function withBackboneOptions(command: Command): Command {
  return command
    .option('--backbone <name>', `what images are turned into features by: ${legalBackbones}`)
    .option('--weights <file>', 'safetensors with the EfficientNet weights (default: those of felfri backbone fetch)')
    .option(
      '--padding <kind>',
      'padding that timm weights were trained with: same (tf_efficientnet) or symmetric',
      oneOf('same', 'symmetric'),
    )
    .option('--outputs <names>', 'outputs of an onnx: backbone, separated by commas');
}

/** Throws what opening a backbone throws. */
export function openChosen(
  name: string,
  { weights, padding, outputs }: BackboneChoice,
  depths: Depths,
): Promise<Backbone> {
  return openBackbone(name, {
    ...(weights !== undefined && { weights }),
    ...(padding !== undefined && { padding }),
    depths,
    ...(outputs !== undefined && { outputs: outputs.split(',') }),
  });
}
