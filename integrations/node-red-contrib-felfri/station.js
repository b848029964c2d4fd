/** A station over fetch: an image to a decision within a window, events until they end, recipes by name. Knows nothing of Node-RED. */
const { randomUUID } = require('node:crypto');
const { setTimeout: pause } = require('node:timers/promises');

/** The station tells something every second; after this it cannot be relied on. */
const SILENCE_MILLIS = 5000;
/** Between two tries where the station does not say. */
const PAUSE_MILLIS = 250;
const DECISIONS = ['OK', 'NG', 'REVIEW'];

class StationError extends Error {
  /** `status` is HTTP's, 0 without an answer; `retryAfter` in seconds. */
  constructor(code, message, status = 0, retryAfter = Number.NaN) {
    super(message);
    this.code = code;
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

/** Asks the station at `address` with a token, where it has one. Throws StationError. */
async function ask({ address, token }, path, options = {}) {
  const headers = { ...options.headers, ...(token && { authorization: `Bearer ${token}` }) };
  let response;
  try {
    response = await fetch(`${address.replace(/\/+$/, '')}${path}`, { ...options, headers });
  } catch (error) {
    const why = error.name === 'TimeoutError' ? 'no answer in time' : (error.cause?.message ?? error.message);
    throw new StationError('STATION_UNREACHABLE', `the station at ${address} does not answer: ${why}`);
  }
  if (response.ok) return response;
  const said = await response.json().catch(() => ({}));
  throw new StationError(
    said.code ?? `HTTP_${response.status}`,
    said.message ?? `the station answered ${response.status}`,
    response.status,
    Number(response.headers.get('retry-after') ?? Number.NaN),
  );
}

/** JSON of an answer; what is cut off or none is as if there was no answer. */
const json = (response) =>
  response.json().catch((error) => {
    throw new StationError('STATION_UNREACHABLE', `the station's answer broke off: ${error.message}`);
  });

/**
 * The decision on an image file's bytes. While the station is busy or away it is sent again with the same resultId, so that the part is on record
 * once. Throws StationError where there is none when `windowMillis` are over: then nobody decided on the part, or nobody heard of it.
 */
async function inspect(
  station,
  image,
  { part, lot, product, resultId = randomUUID(), recipe } = {},
  windowMillis = 10_000,
) {
  const end = Date.now() + windowMillis;
  const given = Object.entries({ part, lot, product, resultId, recipe }).filter(
    ([, value]) => value !== undefined && value !== '',
  );
  const query = new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
  for (;;) {
    try {
      const options = {
        method: 'POST',
        headers: { 'content-type': 'application/octet-stream' },
        body: image,
        signal: AbortSignal.timeout(Math.max(1, end - Date.now())),
      };
      const found = await json(await ask(station, `/api/inspections?${query}`, options));
      if (!DECISIONS.includes(found.decision) || found.resultId !== String(resultId))
        throw new StationError('ANSWER_INVALID', 'the answer holds no decision on this image');
      return found;
    } catch (error) {
      if (!(error instanceof StationError)) throw error;
      const wait = Number.isFinite(error.retryAfter) ? error.retryAfter * 1000 : PAUSE_MILLIS;
      const mayPass = [0, 429, 503].includes(error.status) && error.code !== 'ANSWER_INVALID';
      if (!mayPass || Date.now() + wait >= end) throw error;
      await pause(wait);
    }
  }
}

/** Gives each event of the station to `tell` until the signal is aborted. Throws StationError where the connection ends or is silent for 5 seconds. */
async function listen(station, tell, signal) {
  const quiet = new AbortController();
  let timer;
  const heard = () => {
    clearTimeout(timer);
    timer = setTimeout(() => quiet.abort(), SILENCE_MILLIS);
  };
  heard();
  try {
    const response = await ask(station, '/api/events', { signal: AbortSignal.any([signal, quiet.signal]) });
    const decoder = new TextDecoder();
    let text = '';
    for await (const bytes of response.body) {
      heard();
      const blocks = (text + decoder.decode(bytes, { stream: true })).split('\n\n');
      text = blocks.pop();
      for (const block of blocks) {
        const data = /^data: (.*)$/m.exec(block)?.[1];
        if (data !== undefined) tell(JSON.parse(data));
      }
    }
  } catch (error) {
    if (signal.aborted) return;
    if (quiet.signal.aborted)
      throw new StationError('STATION_UNREACHABLE', `the station was silent for ${SILENCE_MILLIS / 1000} seconds`);
    throw error;
  } finally {
    clearTimeout(timer);
  }
  if (!signal.aborted) throw new StationError('STATION_UNREACHABLE', 'the station ended the connection');
}

/** Makes the recipe of a name or id the active one, and gives it. Throws StationError where none, or more than one, is called so. */
async function activate(station, wanted, windowMillis = 60_000) {
  const signal = AbortSignal.timeout(windowMillis);
  const { recipes } = await json(await ask(station, '/api/recipes', { signal }));
  const byId = recipes.filter(({ id }) => id === wanted);
  const found = byId.length > 0 ? byId : recipes.filter(({ name }) => name === wanted);
  if (found.length !== 1) {
    const names = recipes.map(({ name, id }) => `${name} (${id})`).join(', ') || 'none';
    throw new StationError('RECIPE_UNKNOWN', `${found.length} recipes are called "${wanted}"; there are ${names}`);
  }
  if (found[0].active) return found[0];
  const path = `/api/recipes/${encodeURIComponent(found[0].id)}/activate`;
  return json(await ask(station, path, { method: 'POST', signal }));
}

module.exports = { StationError, activate, inspect, listen };
