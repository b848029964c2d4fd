import { type Static, type TObject, Type } from '../../../../core/schema.ts';
import { cameraFault, cameraSettings } from '../camera/settings.ts';

export const genicamSettings = {
  camera: Type.String({
    default: '',
    maxLength: 200,
    description: 'name, serial number or IP address of the camera, as `arv-tool-0.8` lists them; empty: the first',
  }),
  pixelFormat: Type.String({
    default: '',
    pattern: '^$|^[A-Za-z0-9_]{1,40}$',
    description: 'pixel format that it is set to, such as Mono12p; empty: as it is',
  }),
  exposureMicros: Type.Number({ default: 0, minimum: 0, description: 'exposure that it is set to; 0: as it is' }),
  gain: Type.Number({ default: -1, minimum: -1, description: 'gain that it is set to; -1: as it is' }),
  frameRate: Type.Number({ default: 0, minimum: 0, maximum: 10_000, description: 'frames a second; 0: as it is' }),
  triggerSource: Type.String({
    default: '',
    pattern: '^$|^[A-Za-z0-9]{1,40}$',
    description:
      'what the camera waits for with each frame: Software for triggers of the station, or an input such as Line1; empty: it runs freely',
  }),
  bufferMegabytes: Type.Number({
    default: 16,
    minimum: 0.01,
    maximum: 1000,
    description:
      'buffer of the socket; the system may allow less (`net.core.rmem_max`), and then large frames are lost',
  }),
  ...cameraSettings,
};

export type GenicamSettings = Static<TObject<typeof genicamSettings>>;

/** What of these cannot be together. */
export function genicamFault(settings: GenicamSettings): readonly [keyof GenicamSettings & string, why: string] | null {
  const { take, triggerSource, frameSeconds, partLines } = settings;
  if (triggerSource === 'Software' && take !== 'trigger')
    return ['take', 'must be "trigger" where the station asks the camera for each frame'];
  if (!['', 'Software'].includes(triggerSource) && take === 'trigger')
    return ['take', `must be "all" with "triggerSource": "${triggerSource}": a frame may be here before its trigger`];
  if (triggerSource === 'Software' && partLines > 0)
    return ['partLines', 'needs a camera that gives strips by itself, not "triggerSource": "Software"'];
  if (triggerSource !== '' && frameSeconds > 0)
    return [
      'triggerSource',
      'needs "frameSeconds": 0, since a camera that waits for triggers gives no frames meanwhile',
    ];
  return cameraFault(settings);
}
