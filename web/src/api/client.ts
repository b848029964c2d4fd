/** The service's answers, typed by the table of endpoints. Every function throws a StationError where the service refuses or cannot be reached. */
import { Connection, StationError } from '../../../src/station/client/connection.ts';
import type { AuditQuery, InspectionQuery, TuneRequest, Verdict } from './contract.ts';

/** Called when the service asks for a token. */
let onLocked: () => void = () => undefined;
export function whenLocked(action: () => void): void {
  onLocked = action;
}

/** Milliseconds in which an answer must have come whole: what is read, what is changed, what carries images or bundles. */
const READ_MILLIS = 15_000;
const CHANGE_MILLIS = 60_000;
const UPLOAD_MILLIS = 600_000;

function limitOf({ method = 'GET', body }: RequestInit): number {
  if (method === 'GET') return READ_MILLIS;
  return body instanceof FormData || body instanceof Blob ? UPLOAD_MILLIS : CHANGE_MILLIS;
}

/** A station that is silent for longer than the kind of request allows counts as unreachable. */
async function fetchSoon(address: RequestInfo | URL, init: RequestInit = {}): Promise<Response> {
  const millis = limitOf(init);
  const limit = AbortSignal.timeout(millis);
  const signal = init.signal ? AbortSignal.any([init.signal, limit]) : limit;
  try {
    const answer = await fetch(address, { ...init, signal });
    if (answer.status === 401) onLocked();
    return answer;
  } catch (error) {
    if (!limit.aborted) throw error;
    const message = `The station has not answered for ${millis / 1000} seconds.`;
    throw new StationError({ code: 'STATION_UNREACHABLE', message }, 0, undefined, error);
  }
}

/** The station that the page came from. */
const connection = new Connection({ address: '', fetch: fetchSoon });

/** For the calls of other files. */
export const call = connection.call.bind(connection);
export const response = connection.response.bind(connection);

export const named = (by: string) => (by.trim() === '' ? {} : { by: by.trim() });

export const getStation = () => call('getStation');

export interface NewInspection {
  readonly image: File;
  /** Makes it safe to send the same image again when no answer came. */
  readonly resultId: string;
  readonly part: string;
  readonly lot: string;
  /** Its product code. */
  readonly product: string;
}

export function inspect({ image, resultId, part, lot, product }: NewInspection) {
  const said = { ...(part && { part }), ...(lot && { lot }), ...(product && { product }) };
  return call('inspect', { query: { resultId, ...said }, body: image });
}

export const findInspections = (query: InspectionQuery, signal?: AbortSignal) =>
  call('findInspections', { query, signal });

export const getInspection = (id: string, signal?: AbortSignal) => call('getInspection', { params: { id }, signal });

/** What a person says of a part. Texts that are empty are left out. */
export interface NewFeedback {
  readonly verdict: Verdict;
  readonly className: string;
  readonly note: string;
  readonly by: string;
}

export function giveFeedback(id: string, { verdict, className, note, by }: NewFeedback) {
  const said = { ...(className.trim() && { className: className.trim() }), ...(note.trim() && { note: note.trim() }) };
  return call('giveFeedback', { params: { id }, body: { verdict, ...said, ...named(by) } });
}

/** Takes a verdict back: the part waits for one again. */
export const withdrawFeedback = (id: string, by: string) =>
  call('withdrawFeedback', { params: { id }, query: named(by) });

export const getReviewQueue = (limit: number, signal?: AbortSignal) =>
  call('getReviewQueue', { query: { limit }, signal });

export const getRecipes = (signal?: AbortSignal) => call('listRecipes', { signal });

export const getRecipe = (id: string, signal?: AbortSignal) => call('getRecipe', { params: { id }, signal });

export interface NewRecipe {
  readonly name: string;
  /** Path within the bundle, and the file. */
  readonly files: readonly (readonly [string, File])[];
  readonly by: string;
}

export function uploadRecipe({ name, files, by }: NewRecipe) {
  const form = new FormData();
  form.append('name', name);
  if (by.trim()) form.append('by', by.trim());
  for (const [path, file] of files) form.append(path, file, path.split('/').at(-1));
  return call('uploadRecipe', { body: form });
}

export const activateRecipe = (id: string, by: string) => call('activateRecipe', { params: { id }, body: named(by) });

export interface NewProduct {
  readonly code: string;
  /** Null: none any more. */
  readonly recipe: string | null;
  readonly note: string;
  readonly by: string;
}

export function setProduct({ code, recipe, note, by }: NewProduct) {
  return call('setProduct', { body: { code, recipe, ...(note.trim() && { note: note.trim() }), ...named(by) } });
}

/** Takes the thresholds of revision `to`, as a new revision. */
export const rollBackRecipe = (id: string, to: number, by: string) =>
  call('rollBackRecipe', { params: { id }, body: { to, ...named(by) } });

export interface NewThresholds {
  readonly ng: number;
  readonly review: number | null;
  readonly revision: number;
  readonly note: string;
  readonly by: string;
}

export function saveThresholds(id: string, { ng, review, revision, note, by }: NewThresholds) {
  const said = note.trim() === '' ? {} : { note: note.trim() };
  return call('setThresholds', { params: { id }, body: { ng, review, revision, ...said, ...named(by) } });
}

export const getScores = (id: string, signal?: AbortSignal) => call('getRecipeScores', { params: { id }, signal });

export const tune = (id: string, body: TuneRequest, signal: AbortSignal) =>
  call('tuneThresholds', { params: { id }, body, signal });

export const getAudit = (query: AuditQuery, signal?: AbortSignal) => call('readAudit', { query, signal });
