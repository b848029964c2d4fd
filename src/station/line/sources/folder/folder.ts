/**
 * A folder that cameras or other programs write images into. Each whole file is inspected once, and put away after its decision is on record:
 * whatever is killed in between, it is found again, and by content and name known to be the same.
 */
import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { FelfriError } from '../../../../core/errors.ts';
import { formatOf } from '../../../../data/image/formats.ts';
import { isFrameName, stateFrame } from '../../../../data/image/raw/stated-frame.ts';
import { asFelfriError, faultOf } from '../fates.ts';
import { Rest } from '../rest.ts';
import type { KnownImage, Source, SourceTools } from '../source.ts';
import { FolderAlarms } from './alarms.ts';
import { Looks } from './looks.ts';
import { fieldsOf } from './names.ts';
import { readWhole } from './read.ts';
import { type FoundFile, isFile, scan } from './scan.ts';
import type { FolderSettings } from './settings.ts';
import { Shelves } from './shelves.ts';
import { Turns } from './turns.ts';

/** In which a folder must have answered; a network that is gone may never. */
const ANSWER_MILLIS = 5000;
/** A file that is no image stays so long untouched before it is believed, as times of `stableSeconds`: its writer may only be slow. */
const PATIENCE = 5;
/** Tries of a file where the station may be at fault. */
const TRIES = 3;
/** Looks between counts of what could not be inspected. */
const COUNT_EVERY = 10;

/** What is known of a file that is not on record yet. */
interface Awaited {
  file: FoundFile;
  /** As performance.now() has it. */
  since: number;
  tries: number;
  failedAt: number | null;
  /** As `SourceImage.cameAt`, before any wait for it to be whole. */
  readonly cameAt: number;
}

const depthOf = (names: string): number => names.split('/').length - 1;

class Folder implements Source {
  readonly #settings: FolderSettings;
  readonly #tools: SourceTools;
  readonly #alarms: FolderAlarms;
  readonly #rest = new Rest();
  readonly #awaited = new Map<string, Awaited>();
  readonly #times = new Looks();
  readonly #turns: Turns;
  readonly #running: Promise<void>;
  #root = '';
  #shelves: Shelves | undefined;
  #isEnding = false;
  #problem: string | null = null;
  /** Why the station takes no image now. */
  #stuck: string | null = null;
  #looks = 0;

  constructor(settings: FolderSettings, tools: SourceTools) {
    this.#settings = settings;
    this.#tools = tools;
    this.#alarms = new FolderAlarms(settings, tools);
    this.#turns = new Turns({
      most: () => tools.atOnce,
      isOver: () => this.#isOver,
      room: ({ size }) => tools.room(Math.min(size, 1e6 * settings.largestMegabytes)),
      take: (file) => this.#take(file),
    });
    this.#running = this.#run();
  }

  get connected(): boolean {
    return this.#root !== '' && this.#problem === null;
  }

  get problem(): string | null {
    return this.#problem ?? this.#stuck;
  }

  get waiting(): number {
    return this.#awaited.size;
  }

  get #isOver(): boolean {
    return this.#isEnding || this.#tools.isStopping;
  }

  async #run(): Promise<void> {
    while (!this.#isEnding) {
      const start = performance.now();
      this.#times.begin(start);
      // a second look is never begun while the first hangs: each would hold a thread
      const slow = setTimeout(() => this.#fail(`does not answer within ${ANSWER_MILLIS / 1000} s`), ANSWER_MILLIS);
      let files: readonly FoundFile[] = [];
      try {
        files = await this.#look();
        this.#problem = null;
        this.#tools.over('folder');
      } catch (error) {
        this.#fail(`cannot be read: ${(error as Error).message}`);
      }
      clearTimeout(slow);
      // a large or distant folder is not looked through all the time
      const rest = Math.max(1000 * this.#settings.pollSeconds, 3 * (performance.now() - start));
      this.#turns.begin(files);
      await this.#rest.for(rest);
    }
    await this.#turns.ended();
  }

  #fail(why: string): void {
    this.#problem = `${this.#settings.path} ${why}`;
    this.#tools.alarm('folder', new FelfriError('SOURCE_LOST', this.#problem));
  }

  /** The files that are whole and not on record. */
  async #look(): Promise<FoundFile[]> {
    const { path, names, raw, after } = this.#settings;
    this.#root = await realpath(path);
    if (!this.#shelves) {
      this.#shelves = new Shelves(this.#root, after, join(this.#tools.folder, 'had.jsonl'));
      await this.#shelves.load();
    }
    const { files, refused } = await scan(this.#root, { depth: depthOf(names), isRaw: raw !== '' });
    await this.#shelves.retain(files);
    this.#alarms.refused(refused);
    if (this.#looks++ % COUNT_EVERY === 0) this.#alarms.aside(await this.#shelves.aside());
    const there = new Set(files.map(({ name }) => name));
    for (const name of this.#awaited.keys()) if (!there.has(name) && !this.#turns.has(name)) this.#awaited.delete(name);
    this.#alarms.waiting([...this.#awaited.values()].map(({ since }) => since));
    const idle = files.filter((file) => !this.#turns.has(file.name) && !this.#shelves!.has(file));
    return idle.filter((file) => this.#isWhole(file));
  }

  #isWhole(file: FoundFile): boolean {
    const { whole, stableSeconds } = this.#settings;
    const now = performance.now();
    const former = this.#awaited.get(file.name);
    if (!former || !isFile(former.file, file)) {
      // one that is still written came when it began to
      const cameAt = former?.file.ino === file.ino ? former.cameAt : this.#times.cameAt(file);
      this.#awaited.set(file.name, { file, since: now, tries: 0, failedAt: null, cameAt });
      return whole === 'rename';
    }
    const patience = former.failedAt === null ? 1 : PATIENCE;
    return whole === 'rename' || now - former.since >= 1000 * stableSeconds * patience;
  }

  /** False where the station cannot take any image now. */
  async #take(file: FoundFile): Promise<boolean> {
    let known: KnownImage | undefined;
    try {
      const bytes = await readWhole(this.#root, file, this.#settings.largestMegabytes * 1e6);
      if (!bytes) return true;
      known = {
        resultId: this.#resultIdOf(file.name, bytes),
        part: null,
        lot: null,
        product: null,
        recipe: null,
        view: null,
      };
      this.#tools.came(file.name);
      known = { ...known, ...fieldsOf(this.#settings.names, file.name) };
      const { cameAt } = this.#awaited.get(file.name)!;
      await this.#tools.inspect({ ...known, cameAt, bytes: this.#stated(file.name, bytes) });
    } catch (error) {
      return this.#failed(file, known, error);
    }
    this.#stuck = null;
    this.#tools.over('station');
    await this.#put(file, false);
    return true;
  }

  #stated(name: string, bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    const { raw } = this.#settings;
    const isRaw = raw !== '' && isFrameName(name) && formatOf(bytes) === undefined;
    return isRaw ? new Uint8Array(stateFrame(bytes, raw)) : bytes;
  }

  async #failed(file: FoundFile, known: KnownImage | undefined, error: unknown): Promise<boolean> {
    if (this.#isOver) return false;
    const awaited = this.#awaited.get(file.name)!;
    const { code } = error as NodeJS.ErrnoException;
    // it could not be read; the others may be
    if (!(error instanceof FelfriError) && !known) {
      this.#tools.alarm('file', new FelfriError('SOURCE_LOST', `${file.name} cannot be read (${code})`));
      return true;
    }
    const fault = faultOf(error);
    if (fault === 'station') {
      // that the queue is full is told by others too, and passes
      if (code === 'TOO_BUSY') return false;
      this.#stuck = (error as Error).message;
      this.#tools.alarm('station', error);
      return false;
    }
    awaited.tries++;
    awaited.failedAt ??= performance.now();
    const isFirst = awaited.tries === 1;
    // its writer may be slow: it is looked at again when it stayed as it is for longer
    if (fault === 'image' && isFirst && this.#settings.whole === 'stable' && known) return true;
    if (fault === 'doubtful' && awaited.tries < TRIES) return true;
    const why = asFelfriError(error);
    const unread = {
      resultId: this.#resultIdOf(file.name, Buffer.from(`${file.size} ${file.mtimeMs}`)),
      part: null,
      lot: null,
    };
    await this.#tools.note(known ?? { ...unread, product: null, recipe: null, view: null }, why);
    await this.#put(file, true);
    const aside = await this.#shelves!.aside().catch(() => undefined);
    if (aside !== undefined) this.#alarms.aside(aside);
    return true;
  }

  /** Of one source the same name with the same content is the same image. */
  #resultIdOf(name: string, bytes: Uint8Array): string {
    const hash = createHash('sha256').update(`${this.#tools.name}\0${name}\0`).update(bytes).digest('hex');
    return `file-${hash.slice(0, 40)}`;
  }

  async #put(file: FoundFile, isAside: boolean): Promise<void> {
    this.#awaited.delete(file.name);
    try {
      await this.#shelves!.put(file, isAside);
      this.#tools.over('moving');
    } catch (cause) {
      this.#alarms.notMoved(file.name, cause);
    }
  }

  /** Files that are being inspected are put away first; a folder that does not answer is not waited for. */
  async close(): Promise<void> {
    this.#isEnding = true;
    this.#rest.end();
    await Promise.race([this.#running, new Promise((resolve) => setTimeout(resolve, ANSWER_MILLIS).unref())]);
  }
}

export async function makeFolder(settings: FolderSettings, tools: SourceTools): Promise<Source> {
  return new Folder(settings, tools);
}
