/**
 * Each part as a POST of JSON, signed as Standard Webhooks says: HMAC-SHA256 over id, time and body. The id is the same whenever the part is
 * sent again, so that a receiver can drop doubles; it is the record's, since numbers begin anew with a new data folder or an older backup.
 */
import { createHmac } from 'node:crypto';
import { FelfriError } from '../../../core/errors.ts';
import { shownUrl } from '../../../core/shown-url.ts';
import type { PartMessage, StateMessage } from '../../contract/line.ts';
import type { Connector, LineTools } from '../connector.ts';
import type { WebhookSettings } from './settings.ts';

/** Of an answer; no more is read, and nothing of it is looked at. */
const MOST_ANSWERED = 64 * 1024;

/** As Standard Webhooks has them: base64 after whsec_, or the text's own bytes. */
const keyOf = (secret: string): Buffer =>
  secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret);

/** Headers of a message. `id` is what a receiver tells doubles by. */
function signed(secret: string, id: string, body: string, now = new Date()): Record<string, string> {
  const time = String(Math.floor(now.getTime() / 1000));
  const signature = createHmac('sha256', keyOf(secret)).update(`${id}.${time}.${body}`).digest('base64');
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': time,
    'webhook-signature': `v1,${signature}`,
    'idempotency-key': id,
  };
}

/** Headers are ASCII, and a receiver computes the signature over what it reads there. */
const idOf = (station: string, rest: string): string => `${station.replace(/[^!-~]/gu, encodeURIComponent)}:${rest}`;

/** Reads an answer to its end, so that the connection can be used again; one that does not come to it is broken off. */
async function readOut({ body }: Response): Promise<void> {
  let read = 0;
  for await (const bytes of body ?? []) {
    read += bytes.length;
    if (read > MOST_ANSWERED) return;
  }
}

async function post(settings: WebhookSettings, id: string, body: string, signal: AbortSignal): Promise<void> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(settings.timeoutSeconds * 1000)]);
  let answer: Response;
  try {
    // a receiver that moved is told to the engineer, not followed
    const init = { method: 'POST', body, redirect: 'manual', signal: limited } as const;
    answer = await fetch(settings.url, { ...init, headers: signed(settings.secret, id, body) });
    await readOut(answer);
  } catch (cause) {
    const { name, message, cause: deeper } = cause as Error & { cause?: Error };
    const why = name === 'TimeoutError' ? `no answer within ${settings.timeoutSeconds} s` : deeper?.message || message;
    throw new FelfriError('LINE_UNDELIVERED', `${shownUrl(settings.url)} cannot be reached: ${why}`, { cause });
  }
  if (answer.ok) return;
  throw new FelfriError(
    'LINE_UNDELIVERED',
    `${shownUrl(settings.url)} answers ${answer.status}, and only 2xx is taken for received`,
  );
}

class Webhook implements Connector {
  readonly #settings: WebhookSettings;
  readonly #tools: LineTools;
  #told = '';
  #telling: Promise<void> | undefined;
  readonly #end = new AbortController();

  constructor(settings: WebhookSettings, tools: LineTools) {
    this.#settings = settings;
    this.#tools = tools;
  }

  readonly connected = null;

  async deliver(part: PartMessage, signal: AbortSignal): Promise<'delivered'> {
    await post(this.#settings, idOf(part.station, part.id), JSON.stringify(part), signal);
    return 'delivered';
  }

  /** Each change of the state once; the newest where several came meanwhile. */
  tell({ at: _, ...state }: StateMessage): void {
    if (!this.#settings.states || this.#telling || JSON.stringify(state) === this.#told) return;
    const message = this.#tools.state();
    const id = idOf(message.station, `state:${message.at}`);
    this.#telling = post(this.#settings, id, JSON.stringify(message), this.#end.signal)
      .then(() => {
        this.#told = JSON.stringify(state);
      })
      .catch(() => undefined) // tried again with the next second's state
      .finally(() => {
        this.#telling = undefined;
      });
  }

  async close(): Promise<void> {
    this.#end.abort();
    await this.#telling;
  }
}

export const makeWebhook = (settings: WebhookSettings, tools: LineTools): Connector => new Webhook(settings, tools);

/** Sends a message of type `check`, which is no part. */
export async function checkWebhook(settings: WebhookSettings, signal: AbortSignal): Promise<string> {
  const at = new Date().toISOString();
  await post(settings, `check:${at}`, JSON.stringify({ type: 'check', at }), signal);
  return `${shownUrl(settings.url)} took a signed message of type "check"`;
}
