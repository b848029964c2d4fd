/** GigE Vision and USB3 Vision cameras by Aravis, which runs beside, as a process that gives frames as the camera sent them. */
import { existsSync } from 'node:fs';
import { onOneLine } from '../../../../core/control-characters.ts';
import { FelfriError } from '../../../../core/errors.ts';
import { FRAME_SIGNATURE } from '../../../../data/image/raw/stated-frame.ts';
import { Camera } from '../camera/camera.ts';
import { findProgram, startChild } from '../camera/child.ts';
import type { Hearer, RunningCamera } from '../camera/driver.ts';
import { type FrameFormat, FrameStream } from '../camera/frame-stream.ts';
import type { Source, SourceTools } from '../source.ts';
import { FrameCount } from './frame-count.ts';
import { pixelFormatOf } from './pixel-codes.ts';
import { GENICAM_PROGRAM } from './program.ts';
import type { GenicamSettings } from './settings.ts';

/** What the program says of a frame; sizes and format only where it came whole. */
interface FrameHead {
  readonly id: number;
  /** Milliseconds of the camera's clock. */
  readonly stamp: number;
  readonly status: string;
  readonly length: number;
  readonly width?: number;
  readonly height?: number;
  readonly format?: number;
  readonly exposure?: number | null;
  readonly gain?: number | null;
}

const genicamFrames: FrameFormat<FrameHead> = {
  lines: 1,
  parse: (text) => {
    const meta = JSON.parse(text) as FrameHead;
    const format = meta.format === undefined ? undefined : pixelFormatOf(meta.format);
    const ahead = format ? `${FRAME_SIGNATURE}${meta.width}x${meta.height}:${format}\n` : '';
    return { ahead: Buffer.from(ahead, 'latin1'), length: meta.length, meta };
  },
};

/** What is wrong with a frame; null where it can be inspected. */
function faultOf({ status, format, id }: FrameHead): string | null {
  if (status !== 'success') return `frame ${id} came damaged (${status})`;
  if (format !== undefined && pixelFormatOf(format)) return null;
  return `the pixel format 0x${(format ?? 0).toString(16).padStart(8, '0')} is not read; set pixelFormat to another`;
}

/** What people want to know of a frame. */
function aboutOf({ stamp, exposure, gain }: FrameHead): string {
  const parts = [`exposed at ${(stamp / 1000).toFixed(4)} s of its clock`];
  if (typeof exposure === 'number') parts.push(`for ${exposure} µs`);
  if (typeof gain === 'number') parts.push(`gain ${gain}`);
  return parts.join(', ');
}

const INSTALL = 'install Aravis, as by apt-get install python3-gi gir1.2-aravis-0.8';

/** Debian's Python has the modules of Debian's packages; one that comes first on the PATH may not. */
const pythonOf = (): string => (existsSync('/usr/bin/python3') ? '/usr/bin/python3' : findProgram('python3', INSTALL));

/** Of a pixel of three colours of 16 bits, and as much again for lines that are padded. */
const BYTES_OF_PIXEL = 8;

const start = (settings: GenicamSettings, check: boolean, mostBytes: number, said?: (line: string) => void) =>
  startChild(pythonOf(), ['-c', GENICAM_PROGRAM, JSON.stringify({ ...settings, check, mostBytes })], said);

/** What Python says where Aravis is not there. */
const explained = (why: string): string =>
  /No module named 'gi'|Namespace Aravis not available/.test(why) ? `Aravis is not here; ${INSTALL}` : why;

function drive(settings: GenicamSettings, hearer: Hearer, mostPixels: number): RunningCamera {
  const mostBytes = BYTES_OF_PIXEL * mostPixels;
  const child = start(settings, false, mostBytes, (line) => {
    if (line.startsWith('the trigger failed')) hearer.damaged(onOneLine(line));
  });
  const count = new FrameCount();
  let broken: string | undefined;
  const frames = new FrameStream(
    genicamFrames,
    (bytes, head) => {
      const { id, lost } = count.next(head.id);
      if (lost > 0) hearer.damaged(`${lost} frames were lost before frame ${head.id}`);
      const fault = faultOf(head);
      if (fault !== null) {
        hearer.damaged(fault);
        return false;
      }
      return hearer.frame(bytes, { id, at: performance.now(), stampMillis: head.stamp, about: aboutOf(head) });
    },
    mostBytes,
  );
  child.pipe(1).on('data', (chunk: Buffer) => {
    if (broken !== undefined) return;
    try {
      frames.push(chunk);
    } catch (error) {
      broken = (error as Error).message;
      void child.stop();
    }
  });
  return {
    ended: child.ended.then((why) => broken ?? explained(why)),
    stop: child.stop,
    ...(settings.triggerSource === 'Software' && { trigger: () => void child.process.stdin!.write('t\n') }),
  };
}

export async function makeGenicam(settings: GenicamSettings, tools: SourceTools): Promise<Source> {
  pythonOf();
  return new Camera(settings, tools, (hearer) => drive(settings, hearer, tools.mostPixels));
}

/** Throws SOURCE_LOST. A camera that the station drives answers too. */
export async function checkGenicam(settings: GenicamSettings, signal: AbortSignal): Promise<string> {
  const child = start(settings, true, 0);
  signal.addEventListener('abort', () => void child.stop());
  let found = '';
  child.pipe(1).on('data', (text: Buffer) => {
    found += text.toString();
  });
  const why = await child.ended;
  if (child.process.exitCode === 0 && found.trim() !== '') return onOneLine(found.trim());
  throw new FelfriError('SOURCE_LOST', signal.aborted ? 'the camera did not answer in time' : explained(why));
}
