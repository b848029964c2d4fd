/** The options that name a backbone, of flow and U-Net alike, and how the chosen one is opened. */
import { type Kind, oneOf, optionRows, type Settled, text, texts } from '../../core/options.ts';
import type { Backbone } from './backbone.ts';
import type { Depths } from './depths.ts';
import { legalBackbones } from './table.ts';

/** By its name, or one that a program has opened itself. */
const backbones: Kind<string | Backbone> = {
  legal: `Legal are ${legalBackbones}.`,
  read: (given) => {
    if (typeof given === 'object' && given !== null && 'fingerprint' in given) return given as Backbone;
    return text.read(given);
  },
};

const backbone = {
  kind: backbones,
  form: '<name>',
  help: `what images are turned into features by: ${legalBackbones}`,
} as const;

export const backboneOptions = optionRows({
  backbone,
  weights: {
    kind: text,
    form: '<file>',
    help: 'EfficientNet weights: safetensors, or a wheel or .pth file as published (default: those of felfri backbone fetch)',
  },
  padding: {
    kind: oneOf('same', 'symmetric'),
    form: '<kind>',
    help: 'padding that timm weights were trained with: same (tf_efficientnet) or symmetric',
  },
  outputs: { kind: texts, form: '<names>', help: 'outputs of an onnx: backbone, separated by commas' },
});

/** Throws what opening a backbone throws. */
export async function openChosen(
  chosen: string | Backbone,
  { weights, padding, outputs }: Settled<typeof backboneOptions>,
  depths: Depths,
): Promise<Backbone> {
  if (typeof chosen !== 'string') return chosen;
  const { openBackbone } = await import('./select.ts');
  return openBackbone(chosen, {
    ...(weights !== undefined && { weights }),
    ...(padding !== undefined && { padding }),
    depths,
    ...(outputs !== undefined && { outputs }),
  });
}
