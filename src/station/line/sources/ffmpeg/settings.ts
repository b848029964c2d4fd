import { type Static, type TObject, Type } from '../../../../core/schema.ts';
import { cameraSettings } from '../camera/settings.ts';

export const ffmpegSettings = {
  input: Type.String({
    pattern: '^((rtsps?|https?)://[^\\s]+|/.*)$',
    description:
      'rtsp://, rtsps://, http:// or https:// address of a camera, device of a USB camera such as /dev/video0, or a video file, which is played again and again at its own pace',
  }),
  pixels: Type.Enum(['grey', 'rgb'], { default: 'rgb', description: 'what the frames are made' }),
  transport: Type.Enum(['tcp', 'udp'], { default: 'tcp', description: 'of RTSP; by udp frames are lost under load' }),
  size: Type.String({
    default: '',
    pattern: '^$|^[1-9]\\d{0,4}x[1-9]\\d{0,4}$',
    description: 'size that a USB camera is set to, such as 1280x720; empty: as it is',
  }),
  rate: Type.Number({
    default: 0,
    minimum: 0,
    maximum: 1000,
    description: 'frames a second of a USB camera; 0: as it is',
  }),
  ...cameraSettings,
};

export type FfmpegSettings = Static<TObject<typeof ffmpegSettings>>;
