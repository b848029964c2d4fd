/** The server's end of what it and the station tell each other. */
import { type ErrorCode, FelfriError } from '../../../core/errors.ts';
import type { FromServer, Question, Questions, ToServer } from './messages.ts';

type Told = Exclude<ToServer, { type: 'answer' }>;

export class Asking {
  readonly #asked = new Map<number, { resolve(answer: unknown): void; reject(error: Error): void }>();
  #number = 0;

  /** Hears what the station tells from now on; without the station the process has nothing to live for. */
  constructor(hear: (told: Told) => void) {
    process.on('message', (message: ToServer) => {
      if (message.type !== 'answer') return hear(message);
      const asked = this.#asked.get(message.id);
      this.#asked.delete(message.id);
      if (message.code === undefined) asked?.resolve(message.answer);
      else asked?.reject(new FelfriError(message.code as ErrorCode, 'the station refused it'));
    });
  }

  tell(message: FromServer): void {
    if (process.connected) process.send!(message);
  }

  /** Throws a FelfriError with the code of the station's refusal. */
  ask<Q extends Question>(question: Q, ask: Questions[Q]['ask']): Promise<Questions[Q]['answer']> {
    const id = ++this.#number;
    return new Promise((resolve, reject) => {
      this.#asked.set(id, { resolve: resolve as (answer: unknown) => void, reject });
      this.tell({ type: 'ask', id, question, ask });
    });
  }
}
