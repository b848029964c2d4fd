/** A proxy on 127.0.0.1 that opens tunnels to one port of this machine, whatever name they are asked for by. */
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

export class LocalProxy {
  /** What tunnels were asked for, as `host:port`. */
  readonly asked: string[] = [];
  port = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(target: number, credentials?: string) {
    const wanted = credentials && `Basic ${Buffer.from(credentials).toString('base64')}`;
    this.#server = createServer();
    this.#server.on('connection', (socket) => this.#sockets.add(socket));
    this.#server.on('connect', (request, client: Socket, head) => {
      this.asked.push(request.url ?? '');
      if (wanted !== undefined && request.headers['proxy-authorization'] !== wanted) {
        client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
        return;
      }
      const server = connect(target, '127.0.0.1', () => {
        client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
        if (head.length > 0) server.write(head);
        server.pipe(client).pipe(server);
      });
      // either side may go away at any time, and takes the other with it
      server.on('error', () => client.destroy()).on('close', () => client.destroy());
      client.on('error', () => server.destroy()).on('close', () => server.destroy());
    });
  }

  /** `credentials`, as `user:password`, must be given by whoever asks. */
  static async start(target: number, credentials?: string): Promise<LocalProxy> {
    const proxy = new LocalProxy(target, credentials);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    proxy.port = (proxy.#server.address() as AddressInfo).port;
    return proxy;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
