/** A Modbus TCP server for a controller, with the handshake of vision systems. */
import { FelfriError } from '../../../core/errors.ts';
import type { PartMessage, StateMessage } from '../../contract/line.ts';
import type { Connector, LineTools } from '../connector.ts';
import { Handshake } from './handshake.ts';
import { RegisterImage } from './image.ts';
import { ModbusServer } from './server.ts';
import type { ModbusSettings } from './settings.ts';

const BEAT_MILLIS = 500;
/** Without a request for so long there is no controller. */
const SILENT_MILLIS = 3000;

class Modbus implements Connector {
  readonly #image: RegisterImage;
  readonly #handshake: Handshake;
  readonly #beat: ReturnType<typeof setInterval>;
  readonly #tools: LineTools;
  #server: ModbusServer | undefined;
  #gone = new AbortController();

  constructor(settings: ModbusSettings, tools: LineTools) {
    this.#tools = tools;
    this.#image = new RegisterImage(settings.wordOrder);
    this.#handshake = new Handshake(settings, tools, this.#image);
    this.#beat = setInterval(() => {
      this.#image.set('heartbeat', (this.#image.word('heartbeat') + 1) & 0xffff);
      if (!this.connected) this.#gone.abort(new FelfriError('LINE_UNDELIVERED', 'the controller asks no more'));
    }, BEAT_MILLIS);
  }

  async listen({ listen, port }: ModbusSettings): Promise<this> {
    try {
      this.#server = await ModbusServer.listen(listen, port, this.#image, (hasWritten) => {
        if (this.#gone.signal.aborted) {
          this.#gone = new AbortController();
          this.#tools.retry();
        }
        if (hasWritten) this.#handshake.written();
      });
      return this;
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  get connected(): boolean {
    return performance.now() - (this.#server?.lastRequestAt ?? Number.NEGATIVE_INFINITY) < SILENT_MILLIS;
  }

  async deliver(part: PartMessage, signal: AbortSignal): Promise<'delivered' | 'expired'> {
    return this.#handshake.deliver(part, AbortSignal.any([signal, this.#gone.signal]));
  }

  tell(state: StateMessage): void {
    this.#handshake.tell(state);
  }

  async close(): Promise<void> {
    clearInterval(this.#beat);
    this.#handshake.close();
    await this.#server?.close();
  }
}

export const makeModbus = (settings: ModbusSettings, tools: LineTools): Promise<Connector> =>
  new Modbus(settings, tools).listen(settings);
