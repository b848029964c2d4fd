/** A client of the OPC UA output that is another program, which can be taken away and brought back. */
import { setTimeout as sleep } from 'node:timers/promises';
import { OpcuaClient } from '../test/support/opcua-client.ts';
import type { Reader, Received } from './line-readers.ts';

/** A client by asyncua, which asks for ids of results, reads each, and acknowledges it. */
export class OpcuaReader implements Reader {
  readonly received: Received[] = [];
  readonly #port: number;
  #isDown = true;
  #client: OpcuaClient | undefined;

  constructor(port: number) {
    this.#port = port;
  }

  async start(): Promise<void> {
    this.#isDown = false;
    void this.#run();
  }

  async #run(): Promise<void> {
    while (!this.#isDown) {
      const client = new OpcuaClient();
      this.#client = client;
      const { error } = await client.ask('open', { url: `opc.tcp://127.0.0.1:${this.#port}` });
      if (error === undefined) await this.#cycle(client).catch(() => undefined);
      client.end();
      await sleep(500);
    }
  }

  async #cycle(client: OpcuaClient): Promise<void> {
    const management = 'M:ResultManagement';
    for (;;) {
      const [, ids] = (await client.call(management, 'GetResultIdListFiltered')) as [number, string[]];
      for (const id of ids) {
        const [, result] = (await client.call('ResultManagement', 'GetResultById', id)) as [number, VisionResult];
        const [decision, pass, , , sequence] = result.ResultContent as [string, boolean, number, number, number];
        this.received.push({ decision, pass, sequence, resultId: result.MeasId?.Id ?? null });
      }
      if (ids.length > 0) await client.call(management, 'AcknowledgeResults', ids);
      await sleep(50);
    }
  }

  async kill(): Promise<void> {
    this.#isDown = true;
    this.#client?.end();
  }
}

interface VisionResult {
  readonly MeasId: { readonly Id: string } | null;
  readonly ResultContent: unknown[];
}
