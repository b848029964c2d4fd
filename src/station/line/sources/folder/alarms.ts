/** What a watched folder has to say: each alarm lasts for as long as what it is about. */
import { FelfriError } from '../../../../core/errors.ts';
import type { SourceTools } from '../source.ts';
import type { FolderSettings } from './settings.ts';

export class FolderAlarms {
  readonly #settings: FolderSettings;
  readonly #tools: Pick<SourceTools, 'alarm' | 'over'>;

  constructor(settings: FolderSettings, tools: Pick<SourceTools, 'alarm' | 'over'>) {
    this.#settings = settings;
    this.#tools = tools;
  }

  refused(names: readonly string[]): void {
    const [first, ...others] = names;
    if (first === undefined) {
      this.#tools.over('links');
      return;
    }
    const more = others.length > 0 ? ` and ${others.length} more` : '';
    const why = `${JSON.stringify(first)}${more}: links, and files whose names cannot be read, are not taken`;
    this.#tools.alarm('links', new FelfriError('SOURCE_IMAGES', why));
  }

  /** Images that wait, each since when, as performance.now() has it. */
  waiting(since: readonly number[]): void {
    const { lateSeconds } = this.#settings;
    if (performance.now() - Math.min(...since) < 1000 * lateSeconds) {
      this.#tools.over('late');
      return;
    }
    const why = `an image waits for its decision for more than ${lateSeconds} s, and ${since.length - 1} others wait`;
    this.#tools.alarm('late', new FelfriError('LINE_LATE', why));
  }

  /** Files that could not be inspected. */
  aside(count: number): void {
    if (count === 0) {
      this.#tools.over('aside');
      return;
    }
    const where = this.#settings.after === 'move' ? 'lie in felfri-aside' : 'lie there';
    const why = `${count} files could not be inspected and ${where}; this ends when they are taken away`;
    this.#tools.alarm('aside', new FelfriError('SOURCE_IMAGES', why));
  }

  notMoved(name: string, cause: unknown): void {
    const why = `${name} is on record, and cannot be moved (${(cause as Error).message}); it is not taken again`;
    this.#tools.alarm('moving', new FelfriError('PATH_UNUSABLE', why, { cause }));
  }
}
