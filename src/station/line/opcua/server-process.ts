/** The process of a station's OPC UA server, and the station's end of what both tell each other. */
import type { ChildProcess } from 'node:child_process';
import { FelfriError } from '../../../core/errors.ts';
import { startProcessAt } from '../../../engine/workers/start.ts';
import type { FromServer, Question, Questions, ServerSetup, ToServer } from './messages.ts';

const fromSource = import.meta.url.endsWith('.ts');
/** In which it must end by itself. */
const END_MILLIS = 3000;

interface ServerListener {
  heard(message: Exclude<FromServer, { type: 'ask' }>): void;
  answer<Q extends Question>(question: Q, ask: Questions[Q]['ask']): Promise<Questions[Q]['answer']>;
  /** Once, whatever ended it. */
  ended(why: string): void;
}

export class ServerProcess {
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;

  constructor(setup: ServerSetup, listener: ServerListener) {
    const child = startProcessAt(new URL(`./process${fromSource ? '.ts' : '.js'}`, import.meta.url), setup);
    this.#child = child;
    child.on('error', () => undefined);
    this.#ended = new Promise((resolve) =>
      child.once('exit', (code, signal) => {
        listener.ended(`the process of the OPC UA server ended (${signal ?? `exit code ${code}`})`);
        resolve();
      }),
    );
    child.on('message', (message: FromServer) => {
      if (message.type === 'ask') void this.#answer(message, listener);
      else listener.heard(message);
    });
  }

  async #answer({ id, question, ask }: Extract<FromServer, { type: 'ask' }>, listener: ServerListener): Promise<void> {
    try {
      const answer = await listener.answer(question, ask as never);
      this.send({ type: 'answer', id, answer });
    } catch (error) {
      this.send({ type: 'answer', id, code: error instanceof FelfriError ? error.code : 'INTERNAL' });
    }
  }

  send(message: ToServer): void {
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }

  async close(): Promise<void> {
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), END_MILLIS);
    if (this.#child.connected) this.#child.disconnect();
    await this.#ended;
    clearTimeout(timer);
  }
}
