/** An OPC UA client that is another program (asyncua), for tests. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('../line/opcua_client.py', import.meta.url));
const python = `${process.env['FELFRI_TEST_LINE']}/bin/python`;

interface UaEvent {
  readonly [field: string]: unknown;
  readonly Message?: string;
}

export class OpcuaClient {
  readonly events: UaEvent[] = [];
  readonly #child: ChildProcess;
  readonly #asked = new Map<number, (said: Record<string, unknown>) => void>();
  #number = 0;

  constructor() {
    this.#child = spawn(python, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
    createInterface({ input: this.#child.stdout! }).on('line', (line) => {
      const said = JSON.parse(line) as { number?: number; event?: UaEvent };
      if (said.event) this.events.push(said.event);
      if (said.number !== undefined) this.#asked.get(said.number)?.(said as Record<string, unknown>);
    });
    // one that was ended answers nothing any more
    this.#child.stdin!.on('error', () => undefined);
    this.#child.once('exit', () => {
      for (const answer of this.#asked.values()) answer({ error: 'the client is gone' });
    });
  }

  /** Keys and a certificate of a client, in a folder. */
  static async makeKeys(folder: string): Promise<void> {
    const child = spawn(python, [script, folder], { stdio: ['ignore', 'inherit', 'inherit'] });
    const code = await new Promise((resolve) => child.once('exit', resolve));
    if (code !== 0) throw new Error(`the keys of a client were not made (${String(code)})`);
  }

  /** What it says; `error` where it failed. */
  async ask<T = Record<string, never>>(command: string, about: object = {}): Promise<T & { error?: string }> {
    const number = ++this.#number;
    if (this.#child.exitCode !== null || this.#child.signalCode !== null)
      return { error: 'the client is gone' } as T & { error: string };
    this.#child.stdin!.write(`${JSON.stringify({ do: command, number, ...about })}\n`);
    return (await new Promise<Record<string, unknown>>((resolve) => this.#asked.set(number, resolve))) as T & {
      error?: string;
    };
  }

  /** Outputs of a method; throws where the call itself is refused. */
  async call(path: string, method: string, ...inputs: unknown[]): Promise<unknown[]> {
    const { outputs, error } = await this.ask<{ outputs: unknown }>('call', { path, method, inputs });
    if (error !== undefined) throw new Error(error);
    return Array.isArray(outputs) ? outputs : [outputs];
  }

  end(): void {
    this.#child.kill('SIGKILL');
  }
}
