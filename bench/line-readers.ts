/** The other sides of a line's outputs, as integrators would write them, each of which can be taken away and brought back. */
import { createServer, type Server } from 'node:http';
import { connect as connectTcp, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import mqtt, { type MqttClient } from 'mqtt';
import { decisionCodes, registers, statusBits } from '../src/station/line/modbus/registers.ts';
import type { Mosquitto } from '../test/support/mosquitto.ts';

/** What came in, every time that it came. */
export interface Received {
  readonly sequence: number;
  readonly pass: boolean;
  readonly decision: string;
  /** Of the record. */
  readonly resultId: string | null;
}

export interface Reader {
  readonly received: Received[];
  start(): Promise<void>;
  /** Without a farewell. */
  kill(): Promise<void>;
}

export class WebhookReader implements Reader {
  readonly received: Received[] = [];
  readonly #port: number;
  #server: Server | undefined;

  constructor(port: number) {
    this.#port = port;
  }

  async start(): Promise<void> {
    const server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      request.on('end', () => {
        const message = JSON.parse(body) as Received & { type: string };
        if (message.type === 'part') this.received.push(message);
        response.writeHead(204).end();
      });
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
  }

  async kill(): Promise<void> {
    this.#server?.close();
    this.#server?.closeAllConnections();
  }
}

export class LinesReader implements Reader {
  readonly received: Received[] = [];
  readonly #port: number;
  #isDown = true;
  #socket: Socket | undefined;

  constructor(port: number) {
    this.#port = port;
  }

  async start(): Promise<void> {
    this.#isDown = false;
    this.#connect();
  }

  #connect(): void {
    if (this.#isDown) return;
    const socket = connectTcp(this.#port, '127.0.0.1').setEncoding('utf8');
    this.#socket = socket;
    let unread = '';
    socket.on('error', () => undefined);
    socket.on('close', () => setTimeout(() => this.#connect(), 100));
    socket.on('data', (text: string) => {
      const lines = (unread + text).split('\r\n');
      unread = lines.pop()!;
      for (const line of lines) {
        const [kind, sequence, resultId, , decision] = line.split(';');
        if (kind !== 'PART') continue;
        this.received.push({
          sequence: Number(sequence),
          decision: decision!,
          pass: decision === 'OK',
          resultId: resultId || null,
        });
        socket.write(`ACK;${sequence}\r\n`);
      }
    });
  }

  async kill(): Promise<void> {
    this.#isDown = true;
    this.#socket?.resetAndDestroy();
  }
}

/** A subscriber whose session the broker keeps; what is killed is the broker. */
export class MqttReader implements Reader {
  readonly received: Received[] = [];
  readonly #broker: Mosquitto;
  readonly #topic: string;
  readonly #acknowledges: boolean;
  #client: MqttClient | undefined;

  constructor(broker: Mosquitto, topic: string, acknowledges: boolean) {
    this.#broker = broker;
    this.#topic = topic;
    this.#acknowledges = acknowledges;
  }

  async start(): Promise<void> {
    await this.#broker.start();
    if (this.#client) return;
    const client = mqtt.connect(this.#broker.url, {
      clientId: `reader-${this.#topic.replaceAll('/', '-')}`,
      clean: false,
      protocolVersion: 5,
      reconnectPeriod: 100,
      properties: { sessionExpiryInterval: 3600 },
    });
    this.#client = client;
    client.on('error', () => undefined);
    client.on('message', (_, payload) => {
      const message = JSON.parse(payload.toString()) as Received;
      this.received.push(message);
      if (this.#acknowledges)
        client.publish(
          `${this.#topic}/ack`,
          JSON.stringify({ sequence: message.sequence }),
          { qos: 1 },
          () => undefined,
        );
    });
    await client.subscribeAsync(`${this.#topic}/parts`, { qos: 1 });
  }

  async kill(): Promise<void> {
    await this.#broker.stop('SIGKILL');
  }

  end(): void {
    this.#client?.end(true);
  }
}

/** The answer to a request, without its header; one at a time. */
export async function askModbus(socket: Socket, pdu: readonly number[]): Promise<Buffer> {
  const answer = new Promise<Buffer>((resolve, reject) => {
    socket.once('data', (bytes: Buffer) => resolve(bytes.subarray(7)));
    socket.once('close', () => reject(new Error('gone')));
  });
  socket.write(Buffer.from([0, 1, 0, 0, 0, pdu.length + 1, 1, ...pdu]));
  return answer;
}

/** A controller without triggers: it reads each result whole, acknowledges it, and waits until it falls. */
export class ModbusReader implements Reader {
  readonly received: Received[] = [];
  readonly #port: number;
  #isDown = true;
  #socket: Socket | undefined;

  constructor(port: number) {
    this.#port = port;
  }

  async start(): Promise<void> {
    this.#isDown = false;
    void this.#run();
  }

  async #cycle(socket: Socket): Promise<void> {
    const valid = 1 << statusBits.resultsValid[0];
    await askModbus(socket, [6, 0, registers.control.address, 0, 0]);
    for (;;) {
      const words = (await askModbus(socket, [3, 0, 0, 0, 50])).subarray(2);
      const status = words.readUInt16BE(0);
      if (status & valid) {
        const { sequence, decision, resultId } = registers;
        const code = words.readUInt16BE(2 * decision.address);
        const at = 2 * resultId.address;
        this.received.push({
          sequence: words.readUInt32BE(2 * sequence.address),
          decision: Object.entries(decisionCodes).find(([, one]) => one === code)![0],
          pass: (status & (1 << statusBits.jobPass[0])) !== 0,
          resultId: words.toString('latin1', at, at + 36).replace(/\0+$/, '') || null,
        });
        await askModbus(socket, [6, 0, registers.control.address, 0, 4]);
        while ((await askModbus(socket, [3, 0, 0, 0, 1])).readUInt16BE(2) & valid) await sleep(5);
        await askModbus(socket, [6, 0, registers.control.address, 0, 0]);
      }
      await sleep(5);
    }
  }

  async #run(): Promise<void> {
    while (!this.#isDown) {
      const socket = connectTcp(this.#port, '127.0.0.1');
      this.#socket = socket;
      socket.setMaxListeners(0).on('error', () => undefined);
      await this.#cycle(socket).catch(() => undefined);
      socket.destroy();
      await sleep(100);
    }
  }

  async kill(): Promise<void> {
    this.#isDown = true;
    this.#socket?.resetAndDestroy();
  }
}
