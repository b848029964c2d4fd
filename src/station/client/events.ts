/** The station's events out of a stream of lines `data: JSON`, each ended by an empty line. */
import type { StationEvent } from '../contract/station.ts';
import { StationError } from './connection.ts';

/** The station tells something every second; after this it cannot be relied on. */
const SILENCE_MILLIS = 5000;

/** What the station tells of parts and recipes; heartbeats are heard by the client itself. */
export type ToldEvent = Exclude<StationEvent, { type: 'heartbeat' }>;

function unreachable(message: string, cause?: unknown): StationError {
  return new StationError({ code: 'STATION_UNREACHABLE', message }, 0, undefined, cause);
}

/** Throws STATION_UNREACHABLE where the station, which tells something every second, is silent. */
async function readSoon(reader: ReadableStreamDefaultReader<Uint8Array>) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_, reject) => {
    const message = `The station has told nothing for ${SILENCE_MILLIS / 1000} seconds, not even that it lives.`;
    timer = setTimeout(() => reject(unreachable(message)), SILENCE_MILLIS);
  });
  try {
    return await Promise.race([reader.read(), silence]);
  } finally {
    clearTimeout(timer);
  }
}

/** Ends with the stream, and when the signal is aborted. Throws STATION_UNREACHABLE where the connection breaks or is silent. */
export async function* eventsOf(
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal | undefined,
): AsyncGenerator<ToldEvent, void, undefined> {
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let text = '';
  try {
    while (!signal?.aborted) {
      const { value, done } = await readSoon(reader);
      if (done) return;
      const blocks = (text + decoder.decode(value, { stream: true })).split('\n\n');
      text = blocks.pop()!;
      for (const block of blocks) {
        const data = /^data: (.*)$/m.exec(block)?.[1];
        if (data === undefined) continue;
        const event = JSON.parse(data) as StationEvent;
        if (event.type !== 'heartbeat') yield event;
        if (signal?.aborted) return;
      }
    }
  } catch (cause) {
    if (signal?.aborted) return;
    if (cause instanceof StationError) throw cause;
    throw unreachable('The connection to the station broke. Is the service running?', cause);
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
