/** Modbus TCP: frames in, frames out. */
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { FelfriError } from '../../../core/errors.ts';
import type { RegisterImage } from './image.ts';
import { answerTo } from './protocol.ts';

/** Transaction, protocol, length, unit. */
const HEADER = 7;
const LONGEST = 254;
const MOST_CONNECTIONS = 16;
/** Bytes of answers that a client leaves unread. */
const MOST_UNREAD = 64 * 1024;

export class ModbusServer {
  /** As performance.now() has it, of the last request. */
  lastRequestAt = Number.NEGATIVE_INFINITY;
  readonly #server: Server;
  /** With the time of the last request of each. */
  readonly #sockets = new Map<Socket, number>();
  readonly #image: RegisterImage;
  readonly #heard: (hasWritten: boolean) => void;

  private constructor(image: RegisterImage, heard: (hasWritten: boolean) => void) {
    this.#image = image;
    this.#heard = heard;
    this.#server = createServer((socket) => this.#take(socket));
  }

  /** `heard` is called before each answer. Throws LINE_UNDELIVERED where it cannot listen. */
  static async listen(
    host: string,
    port: number,
    image: RegisterImage,
    heard: (hasWritten: boolean) => void,
  ): Promise<ModbusServer> {
    const server = new ModbusServer(image, heard);
    try {
      server.#server.listen({ host, port });
      await once(server.#server, 'listening');
      return server;
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      throw new FelfriError('LINE_UNDELIVERED', `cannot listen on ${host} port ${port} (${code})`, { cause });
    }
  }

  /** Connections whose other end is gone are heard of late: the one that was silent for longest gives way, so that a controller comes in. */
  #makePlace(): void {
    if (this.#sockets.size < MOST_CONNECTIONS) return;
    const [[oldest]] = [...this.#sockets].sort(([, a], [, b]) => a - b) as [[Socket, number]];
    this.#sockets.delete(oldest);
    oldest.destroy();
  }

  #take(socket: Socket): void {
    this.#makePlace();
    this.#sockets.set(socket, Number.NEGATIVE_INFINITY);
    socket.setNoDelay(true).setKeepAlive(true, 5000);
    socket.on('error', () => undefined);
    socket.once('close', () => this.#sockets.delete(socket));
    let unread: Buffer = Buffer.alloc(0);
    socket.on('data', (bytes) => {
      unread = Buffer.concat([unread, bytes]);
      while (unread.length >= HEADER && !socket.destroyed) {
        const length = unread.readUInt16BE(4);
        // what follows such a header cannot be told apart any more
        if (unread.readUInt16BE(2) !== 0 || length < 2 || length > LONGEST) return void socket.destroy();
        if (unread.length < 6 + length) return;
        this.#answer(socket, unread.subarray(0, HEADER), unread.subarray(HEADER, 6 + length));
        unread = unread.subarray(6 + length);
      }
    });
  }

  #answer(socket: Socket, header: Buffer, pdu: Buffer): void {
    this.lastRequestAt = performance.now();
    if (this.#sockets.has(socket)) this.#sockets.set(socket, this.lastRequestAt);
    const { answer, hasWritten } = answerTo(this.#image, pdu);
    const answerHeader = Buffer.from(header);
    answerHeader.writeUInt16BE(answer.length + 1, 4);
    this.#heard(hasWritten);
    socket.write(Buffer.concat([answerHeader, answer]));
    if (socket.writableLength > MOST_UNREAD) socket.destroy();
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets.keys()) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
