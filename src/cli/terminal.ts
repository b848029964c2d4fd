/** What a person sees while a job runs: a bar with the time left on a terminal, a line now and then elsewhere. On standard error. */
import type cliProgress from 'cli-progress';
import { onOneLine, shownText } from '../core/control-characters.ts';
import type { Problem } from '../data/listing.ts';
import { namedProblems } from '../data/problems-text.ts';
import type { DownloadProgress } from '../detectors/backbones/hub/download.ts';
import type { OverallProgress } from '../jobs/compare/progress.ts';
import type { JobMessage } from '../jobs/messages.ts';
import type { JobEvents } from '../train/control.ts';
import type { TrainingProgress } from '../train/training-task.ts';

/** Seconds between lines where no terminal redraws a bar. */
const LINE_SECONDS = 15;

function formatSeconds(seconds: number): string {
  if (!Number.isFinite(seconds)) return '?';
  const s = Math.round(seconds);
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${String(s % 60).padStart(2, '0')} s`;
  return `${Math.floor(s / 3600)} h ${String(Math.floor((s % 3600) / 60)).padStart(2, '0')} min`;
}

function trainingText({ epoch, epochs, loss, judged }: TrainingProgress): string {
  const auroc = judged['auroc'] === undefined ? '' : `, AUROC ${judged['auroc'].toFixed(3)}`;
  return `epoch ${Math.min(epoch + 1, epochs)}/${epochs}, loss ${loss.toFixed(4)}${auroc}`;
}

export class Terminal {
  readonly #quiet: boolean;
  readonly #live = process.stderr.isTTY === true;
  /** Loaded where a bar is shown at all: an inspection starts sooner without. */
  #bars: typeof cliProgress | undefined;
  #bar: cliProgress.SingleBar | undefined;
  /** Problems of each code since the last phase began. */
  readonly #problems = new Map<string, number>();
  #phase = '';
  #started = performance.now();
  #lastLine = performance.now();

  constructor(quiet: boolean) {
    this.#quiet = quiet;
    if (this.#live && !quiet) {
      void import('cli-progress').then((library) => {
        this.#bars = library.default;
      });
    }
  }

  #say(text: string): void {
    process.stderr.write(`${shownText(text)}\n`);
  }

  /** To the process that started this one, where it listens. */
  #tell(message: JobMessage): void {
    if (process.connected) process.send?.(message);
  }

  onPhase = (name: string): void => {
    this.#tell({ kind: 'phase', name });
    this.end();
    this.#phase = name;
    this.#started = performance.now();
    this.#lastLine = performance.now();
    if (!this.#quiet) this.#say(name);
  };

  #show(done: number, total: number, text: string, secondsLeft: number): void {
    if (this.#quiet) return;
    const left = `${formatSeconds(secondsLeft)} left`;
    if (this.#live) {
      if (!this.#bars) return;
      if (!this.#bar) {
        this.#bar = new this.#bars.SingleBar({
          format: '  {bar} {value}/{total}  {left}  {text}',
          stream: process.stderr,
          hideCursor: true,
          clearOnComplete: false,
          barsize: 24,
        });
        this.#bar.start(total, done, { text, left });
      }
      this.#bar.update(done, { text, left });
      return;
    }
    if (performance.now() - this.#lastLine < LINE_SECONDS * 1000 && done < total) return;
    this.#lastLine = performance.now();
    this.#say(`  ${this.#phase}: ${done}/${total}, ${left}${text && `, ${text}`}`);
  }

  onProgress = (done: number, total: number): void => {
    this.#tell({ kind: 'progress', done, total });
    const pace = (performance.now() - this.#started) / 1000 / done;
    this.#show(done, total, '', pace * (total - done));
  };

  onTraining = (progress: TrainingProgress): void => {
    this.#tell({ kind: 'training', progress });
    this.#show(progress.done, progress.total, trainingText(progress), progress.secondsLeft);
  };

  /** Megabytes instead of bytes; the time left is by what came in this run. */
  onDownload = ({ done, total, fetched }: DownloadProgress): void => {
    const megabytes = (bytes: number): number => Math.round(bytes / 1e5) / 10;
    const pace = (performance.now() - this.#started) / 1000 / fetched;
    this.#show(
      megabytes(done),
      megabytes(total ?? done),
      'in MB',
      total === undefined ? Infinity : pace * (total - done),
    );
  };

  /** Several pieces of work side by side: a line for each that begins something, and one bar for all. */
  onStep = (line: string): void => {
    if (!this.#quiet) this.#aside(`  ${line}`);
  };

  onOverall = ({ done, total, secondsLeft, text }: OverallProgress): void => {
    this.#show(Math.round(done * 10) / 10, total, text, secondsLeft);
  };

  /** Tells of the first few of each code; of the others, how many there are, when what comes next begins. */
  onProblem = (problem: Problem): void => {
    const { name, code, message, pixelsOnly, images } = problem;
    this.#tell({ kind: 'problem', problem });
    const met = (this.#problems.get(code) ?? 0) + 1;
    this.#problems.set(code, met);
    if (met > namedProblems) return;
    const what = images && images.length > 1 ? `${images.length} images` : name;
    this.#aside(`  left out ${pixelsOnly ? 'the mask of ' : ''}${what}: ${code}: ${message}`);
  };

  #tellMore(): void {
    for (const [code, met] of this.#problems) {
      if (met > namedProblems) this.#say(`  left out ${met - namedProblems} more: ${code}`);
    }
    this.#problems.clear();
  }

  onWarning = (message: string): void => {
    this.#tell({ kind: 'warning', message });
    this.#aside(`  warning: ${message}`);
  };

  /** What a job tells, shown; a job takes them as they are. */
  readonly events: Required<JobEvents> = {
    onPhase: this.onPhase,
    onProgress: this.onProgress,
    onTraining: this.onTraining,
    onProblem: this.onProblem,
    onWarning: this.onWarning,
  };

  /** A line beside the bar. */
  #aside(text: string): void {
    this.#stopBar();
    this.#say(onOneLine(text));
  }

  #stopBar(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }

  /** Ends the present bar and what is still to be told, so that other output starts on a line of its own. */
  end(): void {
    this.#stopBar();
    this.#tellMore();
  }
}
