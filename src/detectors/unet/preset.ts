/** On a backbone, whose way down is not learned, other settings of a U-Net serve. */
import type { Given, PresetName, Presets } from '../../core/options.ts';
import type { unetOptions } from './options.ts';

/** Whether the way down is a backbone's. */
export function onBackbone({ encoder, backbone }: Given<typeof unetOptions>, preset: PresetName): boolean {
  if (encoder !== undefined) return encoder === 'backbone';
  const name = typeof backbone === 'object' ? backbone.name : (backbone ?? '');
  return preset !== 'paper' && name.startsWith('efficientnet-');
}

/** The preset that a U-Net's rows go by: on a backbone it is one of its own. */
export const unetPreset = (given: Given<typeof unetOptions>, preset: PresetName): keyof Presets<unknown> =>
  onBackbone(given, preset) ? 'lineOnBackbone' : preset;
