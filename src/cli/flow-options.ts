/** The options of a flow, shared by `train flow` and `compare`, and the settings that they ask for. */
import type { Command } from 'commander';
import { openBackbone } from '../detectors/backbones/select.ts';
import type { FlowMap, ImageScore } from '../detectors/flow/score.ts';
import type { FlowRequest } from '../jobs/train-flow.ts';
import { canvasOf, oneOf, type TrainingOptions, whole } from './options.ts';
import { flowPresets } from './presets.ts';

/** What is asked of a flow beside data, split and what every training is asked. */
export type FlowSettings = Pick<FlowRequest, 'backbone' | 'canvas' | 'hidden' | 'start' | 'score' | 'cacheDirectory'>;

export interface FlowOptions extends TrainingOptions {
  readonly backbone?: string;
  readonly weights?: string;
  readonly padding?: 'same' | 'symmetric';
  readonly outputs?: string;
  readonly hidden?: number;
  readonly start?: 'plain' | 'whitened';
  readonly score?: ImageScore;
  readonly map?: FlowMap;
  readonly cache?: string | boolean;
}

export function withFlowOptions(command: Command): Command {
  return command
    .option('--backbone <name>', 'wavelet, efficientnet-b0 to -b7, or onnx:FILE')
    .option('--weights <file>', 'safetensors with the EfficientNet weights (default: those of felfri backbone fetch)')
    .option(
      '--padding <kind>',
      'padding that timm weights were trained with: same (tf_efficientnet) or symmetric',
      oneOf('same', 'symmetric'),
    )
    .option('--outputs <names>', 'outputs of an onnx: backbone, separated by commas')
    .option(
      '--start <how>',
      "whitened: by the good features' covariance; plain: as published (default: by preset)",
      oneOf('plain', 'whitened'),
    )
    .option('--hidden <n>', 'channels within the coupling networks', whole(1))
    .option(
      '--score <how>',
      'score of an image: max of its map, top (mean of its largest hundredth), mean (the paper) (default: by preset)',
      oneOf('mean', 'max', 'top'),
    )
    .option(
      '--map <scales>',
      'score map: average over the scales, or the finest alone (the paper) (default: by preset)',
      oneOf('finest', 'average'),
    )
    .option('--cache <folder>', "where feature maps are kept (default: the user's cache folder)")
    .option('--no-cache', 'do not keep feature maps');
}

/** The flow that the options and the preset ask for. Throws what opening a backbone throws. */
export async function flowSettings(options: FlowOptions): Promise<FlowSettings> {
  const preset = flowPresets[options.preset];
  return {
    backbone: await openBackbone(options.backbone ?? preset.backbone, {
      ...(options.weights !== undefined && { weights: options.weights }),
      ...(options.padding !== undefined && { padding: options.padding }),
      ...(options.outputs !== undefined && { outputs: options.outputs.split(',') }),
    }),
    canvas: canvasOf(options.size ?? preset.size, options.fit ?? 'stretch'),
    hidden: options.hidden ?? preset.hidden,
    start: options.start ?? preset.start,
    score: { image: options.score ?? preset.score, map: options.map ?? preset.map },
    ...(typeof options.cache === 'string' && { cacheDirectory: options.cache }),
    ...(options.cache === false && { cacheDirectory: false as const }),
  };
}
