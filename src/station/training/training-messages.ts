/** What the messages of a training's process make of its progress and its notes. */
import type { JobMessage } from '../../jobs/messages.ts';
import type { TrainingProgress } from '../contract/training.ts';

/** Notes that are kept of one sitting. */
const MOST_NOTES = 50;

const plain = { secondsLeft: null, epoch: null, epochs: null };

/** Of a process that has said nothing yet. */
export const starting: TrainingProgress = { phase: 'Starting', done: 0, total: 0, ...plain };

export interface Heard {
  readonly progress: TrainingProgress;
  readonly notes: readonly string[];
}

/** What is known after a message. */
export function heard({ progress, notes }: Heard, message: JobMessage): Heard {
  const { phase } = progress;
  const note = (text: string): Heard => ({ progress, notes: [...notes, text].slice(-MOST_NOTES) });
  switch (message.kind) {
    case 'phase':
      // the notes on the data set have lines of their own
      return { progress: { phase: message.name.split('\n')[0]!, done: 0, total: 0, ...plain }, notes };
    case 'progress':
      return { progress: { phase, done: message.done, total: message.total, ...plain }, notes };
    case 'training': {
      const { done, total, secondsLeft, epoch, epochs } = message.progress;
      return { progress: { phase, done, total, secondsLeft, epoch: Math.min(epoch + 1, epochs), epochs }, notes };
    }
    case 'problem':
      return note(`${message.problem.code}: ${message.problem.message}`);
    case 'warning':
      return note(message.message);
  }
}
