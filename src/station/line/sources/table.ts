/**
 * The sources of the line, a row each: settings, what it does, its test, and what makes it. The file of the line, `felfri line`, the page and
 * the guide read this table. What a source needs is loaded when it is made.
 */

import { shownUrl } from '../../../core/shown-url.ts';
import { cameraFault } from './camera/settings.ts';
import { ffmpegSettings } from './ffmpeg/settings.ts';
import { templateFault } from './folder/names.ts';
import { folderSettings } from './folder/settings.ts';
import { genicamFault, genicamSettings } from './genicam/settings.ts';
import { sourceRow } from './source.ts';

export const sources = {
  folder: sourceRow({
    title: 'Folder',
    does: 'takes each whole image file that comes into a folder, and puts it away once its decision is on record',
    settings: folderSettings,
    example: { path: '/var/spool/camera', names: '{lot}_{part}', whole: 'rename' },
    fault: ({ names }) => {
      const why = templateFault(names);
      return why === null ? null : ['names', why];
    },
    address: ({ path }) => path,
    check: async (settings) => (await import('./folder/check.ts')).checkFolder(settings),
    make: async (settings, tools) => (await import('./folder/folder.ts')).makeFolder(settings, tools),
  }),
  ffmpeg: sourceRow({
    title: 'RTSP or USB camera, by ffmpeg',
    does: 'takes frames of a camera or a video that ffmpeg reads, by trigger or rate',
    settings: ffmpegSettings,
    example: { input: 'rtsp://camera.example/stream', take: 'rate', everySeconds: 2 },
    fault: cameraFault,
    address: ({ input }) => (input.includes('://') ? shownUrl(input) : input),
    check: async (settings, signal) => (await import('./ffmpeg/ffmpeg.ts')).checkFfmpeg(settings, signal),
    make: async (settings, tools) => (await import('./ffmpeg/ffmpeg.ts')).makeFfmpeg(settings, tools),
  }),
  genicam: sourceRow({
    title: 'GigE Vision or USB3 Vision camera',
    does: 'takes frames of a GenICam camera by Aravis, as the camera sent them, by trigger or rate',
    settings: genicamSettings,
    example: { camera: '192.168.10.20', pixelFormat: 'Mono12p', triggerSource: 'Software', frameSeconds: 0 },
    fault: genicamFault,
    address: ({ camera }) => camera || 'the first camera',
    check: async (settings, signal) => (await import('./genicam/genicam.ts')).checkGenicam(settings, signal),
    make: async (settings, tools) => (await import('./genicam/genicam.ts')).makeGenicam(settings, tools),
  }),
} as const;

export type SourceKind = keyof typeof sources;
export const sourceKinds = Object.keys(sources) as SourceKind[];
