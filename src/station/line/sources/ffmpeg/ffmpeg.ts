/** Cameras that ffmpeg reads: RTSP, HTTP, USB (Video4Linux) and video files. ffmpeg runs beside, as a process that gives frames by a pipe. */
import { statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { onOneLine } from '../../../../core/control-characters.ts';
import { FelfriError } from '../../../../core/errors.ts';
import { Camera } from '../camera/camera.ts';
import { findProgram, startChild } from '../camera/child.ts';
import type { Driver, Hearer, RunningCamera } from '../camera/driver.ts';
import { type FrameFormat, FrameStream, USUAL_PIXELS } from '../camera/frame-stream.ts';
import type { Source, SourceTools } from '../source.ts';
import type { FfmpegSettings } from './settings.ts';

/** For a connection that stays and gives nothing; the watch over frames is quicker where it may be. */
const CONNECTION_SECONDS = 10;

/** PGM and PPM, as ffmpeg writes them: three lines, then the values of 8 bits. */
export const pnmFrames: FrameFormat<null> = {
  lines: 3,
  parse: (text) => {
    const [, kind, width, height] = /^P([56])\n(\d+) (\d+)\n255\n$/.exec(text) ?? [];
    if (kind === undefined) throw new Error('ffmpeg gives no PGM or PPM of 8 bits');
    const length = Number(width) * Number(height) * (kind === '5' ? 1 : 3);
    return { ahead: Buffer.from(text, 'latin1'), length, meta: null };
  },
};

/** A camera that is not plugged in is known by its place alone; /dev/shm holds plain files, too. */
function isDevice(input: string): boolean {
  try {
    return statSync(input).isCharacterDevice();
  } catch {
    return input.startsWith('/dev/');
  }
}

function inputArguments({ input, transport, size, rate }: FfmpegSettings): string[] {
  const micros = String(CONNECTION_SECONDS * 1_000_000);
  // -timeout is of microseconds; -rw_timeout, of others, is too
  if (/^rtsps?:/.test(input)) return ['-rtsp_transport', transport, '-timeout', micros];
  if (/^https?:/.test(input)) return ['-rw_timeout', micros];
  if (isDevice(input))
    return [
      '-f',
      'v4l2',
      ...(size === '' ? [] : ['-video_size', size]),
      ...(rate === 0 ? [] : ['-framerate', `${rate}`]),
    ];
  // a list of other addresses is no video
  return ['-protocol_whitelist', 'file', '-re', '-stream_loop', '-1'];
}

/** No frame is made, doubled or left out; the number and time of each are written to pipe 3 as the frame is. */
export function ffmpegArguments(settings: FfmpegSettings, mostPixels: number): string[] {
  const times = 'metadata=mode=add:key=f:value=1,metadata=mode=print:file=pipe\\\\:3:direct=1';
  return [
    ...['-nostdin', '-hide_banner', '-loglevel', 'warning', '-nostats'],
    // what is damaged is left out and said, not mended by what was there before
    ...['-fflags', 'nobuffer+discardcorrupt', '-err_detect', 'explode', '-flags', '-output_corrupt', '-ec', '0'],
    // what says that it is larger is not decoded
    ...['-max_pixels', `${mostPixels}`],
    ...[...inputArguments(settings), '-i', settings.input],
    ...['-map', '0:v:0', '-vf', times, '-fps_mode', 'passthrough', '-f', 'image2pipe', '-flush_packets', '1'],
    ...(settings.pixels === 'grey' ? ['-c:v', 'pgm', '-pix_fmt', 'gray'] : ['-c:v', 'ppm', '-pix_fmt', 'rgb24']),
    'pipe:1',
  ];
}

/** What it says of a frame that it could not read whole. */
const DAMAGE =
  /error while decoding|corrupt|concealing|invalid data|overread|bad cseq|missed \d+ packets|max delay reached/i;

/** What it says of a picture beyond `-max_pixels`. */
const TOO_LARGE = /picture size (\d+x\d+) exceeds specified max pixel count/i;

/** For so long a frame is held back: that it was damaged, or stretched, is told beside it. */
const HOLD_MILLIS = 50;

/** Numbers and times of frames, as ffmpeg writes them beside. */
class Stamps {
  readonly #all: { readonly id: number; readonly millis: number }[] = [];
  #last = -1;

  /**
   * False where numbers begin anew, as filters do where pictures come in another size or pixel format: ffmpeg then stretches them to the size of
   * the first, and would say nothing of it.
   */
  hear(line: string): boolean {
    const [, id, seconds] = /^frame:(\d+).*pts_time:(-?[\d.]+)/.exec(line) ?? [];
    if (id === undefined) return true;
    const goesOn = Number(id) > this.#last;
    this.#last = Number(id);
    this.#all.push({ id: Number(id), millis: 1000 * Number(seconds) });
    return goesOn;
  }

  of(id: number): number | null {
    while (this.#all.length > 0 && this.#all[0]!.id < id) this.#all.shift();
    return this.#all[0]?.id === id ? this.#all.shift()!.millis : null;
  }
}

/** A damaged frame ends it: until the next whole picture those that follow may be smeared, and nothing says so. */
function drive(program: string, settings: FfmpegSettings, hearer: Hearer, mostPixels: number): RunningCamera {
  const stamps = new Stamps();
  let count = 0;
  let broken: string | undefined;
  const end = (why: string): void => {
    broken ??= why;
    void child.stop();
  };
  const child = startChild(program, ffmpegArguments(settings, mostPixels), (line) => {
    const [, size] = TOO_LARGE.exec(line) ?? [];
    if (size !== undefined) end(`frames of ${size} pixels; legal are up to ${mostPixels} in all`);
    // a stream that is joined in its middle begins so
    if (count === 0 || broken !== undefined || !DAMAGE.test(line)) return;
    end(`a frame came damaged (${onOneLine(line.trim())})`);
    hearer.damaged(broken!);
  });
  createInterface({ input: child.pipe(3) }).on('line', (line) => {
    if (stamps.hear(line) || broken !== undefined) return;
    end('its pictures come in another size or pixel format than before');
    hearer.damaged(broken!);
  });
  const frames = new FrameStream(
    pnmFrames,
    (bytes) => {
      const id = count++;
      const at = performance.now();
      setTimeout(() => {
        if (broken !== undefined) return;
        const stampMillis = stamps.of(id);
        const about = stampMillis === null ? '' : `${(stampMillis / 1000).toFixed(3)} s`;
        hearer.frame(bytes, { id, at, stampMillis, about });
      }, HOLD_MILLIS);
      return true;
    },
    3 * mostPixels,
  );
  child.pipe(1).on('data', (chunk: Buffer) => {
    if (broken !== undefined) return;
    try {
      frames.push(chunk);
    } catch (error) {
      end((error as Error).message);
    }
  });
  return { ended: child.ended.then((why) => broken ?? withoutSecrets(why)), stop: child.stop, joins: true };
}

/** ffmpeg names the address that it was given, with name and password. */
const withoutSecrets = (text: string): string => text.replace(/(\w+:\/\/)[^\s/@]*@/g, '$1');

const programOf = (): string => findProgram('ffmpeg', 'install it, as by apt-get install ffmpeg');

export async function makeFfmpeg(settings: FfmpegSettings, tools: SourceTools): Promise<Source> {
  const program = programOf();
  const driver: Driver = (hearer) => drive(program, settings, hearer, tools.mostPixels);
  return new Camera(settings, tools, driver);
}

/** Throws SOURCE_LOST. */
export async function checkFfmpeg(settings: FfmpegSettings, signal: AbortSignal): Promise<string> {
  const program = programOf();
  const start = performance.now();
  let told: (text: string) => void = () => undefined;
  const came = new Promise<string>((resolve) => {
    told = resolve;
  });
  const running = drive(
    program,
    settings,
    {
      frame: (bytes) => {
        const [, size] = Buffer.from(bytes.subarray(0, 30)).toString('latin1').split('\n');
        told(
          `a frame of ${size!.replace(' ', ' x ')} pixels came after ${((performance.now() - start) / 1000).toFixed(1)} s`,
        );
        return false;
      },
      damaged: () => undefined,
    },
    USUAL_PIXELS,
  );
  signal.addEventListener('abort', () => void running.stop());
  const lost = running.ended.then((why) => {
    throw new FelfriError('SOURCE_LOST', signal.aborted ? `no frame came in time (${why})` : `ffmpeg says: ${why}`);
  });
  lost.catch(() => undefined);
  try {
    return await Promise.race([came, lost]);
  } finally {
    await running.stop();
  }
}
