/** The service's answers, typed. Every function throws a StationError where the service refuses or cannot be reached. */
import { Connection, StationError } from '../../../src/station/client/connection.ts';
import type {
  AuditTrail,
  Inspection,
  InspectionQuery,
  PartRecord,
  PartRecordPage,
  Recipe,
  RecipeDetail,
  RecipeList,
  RecipeScores,
  ReviewQueue,
  Station,
  TuneRequest,
  Tuning,
  Verdict,
} from './contract.ts';

/** Called when the service asks for a token. */
let onLocked: () => void = () => undefined;
export function whenLocked(action: () => void): void {
  onLocked = action;
}

/** The station that the page came from. */
const connection = new Connection({ address: '' });

/** Milliseconds in which an answer must have come whole: what is read, what is changed, what carries images or bundles. */
const READ_MILLIS = 15_000;
const CHANGE_MILLIS = 60_000;
const UPLOAD_MILLIS = 600_000;

function limitOf({ method = 'GET', body }: RequestInit): number {
  if (method === 'GET') return READ_MILLIS;
  return body instanceof FormData || body instanceof Blob ? UPLOAD_MILLIS : CHANGE_MILLIS;
}

/** For the calls of other files. A station that is silent for longer than the kind of call allows counts as unreachable. */
export async function call(path: string, init: RequestInit = {}, millis = limitOf(init)): Promise<Response> {
  const limit = AbortSignal.timeout(millis);
  const signal = init.signal ? AbortSignal.any([init.signal, limit]) : limit;
  try {
    return await connection.request(path, { ...init, signal });
  } catch (error) {
    if (error instanceof StationError && error.status === 401) onLocked();
    if (!limit.aborted) throw error;
    const message = `The station has not answered for ${millis / 1000} seconds.`;
    throw new StationError({ code: 'STATION_UNREACHABLE', message }, 0, undefined, error);
  }
}

export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await call(path, signal && { signal })).json() as Promise<T>;
}

export async function send<T>(
  method: 'POST' | 'PUT' | 'PATCH',
  path: string,
  body: object,
  signal?: AbortSignal,
): Promise<T> {
  const init = { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  return (await call(path, signal ? { ...init, signal } : init)).json() as Promise<T>;
}

export const at = encodeURIComponent;
export const named = (by: string) => (by.trim() === '' ? {} : { by: by.trim() });

export function getStation(): Promise<Station> {
  return get('/api/station');
}

export interface NewInspection {
  readonly image: File;
  /** Makes it safe to send the same image again when no answer came. */
  readonly resultId: string;
  readonly part: string;
  readonly lot: string;
}

export async function inspect({ image, resultId, part, lot }: NewInspection): Promise<Inspection> {
  const form = new FormData();
  form.append('resultId', resultId);
  if (part) form.append('part', part);
  if (lot) form.append('lot', lot);
  form.append('image', image);
  return (await call('/api/inspections', { method: 'POST', body: form })).json() as Promise<Inspection>;
}

export function findInspections(query: InspectionQuery, signal?: AbortSignal): Promise<PartRecordPage> {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
  return get(`/api/inspections?${search}`, signal);
}

export function getInspection(id: string): Promise<PartRecord> {
  return get(`/api/inspections/${at(id)}`);
}

export function giveFeedback(id: string, verdict: Verdict, by: string): Promise<Inspection> {
  return send('PUT', `/api/inspections/${at(id)}/feedback`, { verdict, ...named(by) });
}

/** Takes a verdict back: the part waits for one again. */
export async function withdrawFeedback(id: string, by: string): Promise<Inspection> {
  const { by: name } = named(by) as { by?: string };
  const query = name === undefined ? '' : `?by=${at(name)}`;
  return (
    await call(`/api/inspections/${at(id)}/feedback${query}`, { method: 'DELETE' })
  ).json() as Promise<Inspection>;
}

export function getReviewQueue(limit: number): Promise<ReviewQueue> {
  return get(`/api/review?limit=${limit}`);
}

export function getRecipes(): Promise<RecipeList> {
  return get('/api/recipes');
}

export function getRecipe(id: string): Promise<RecipeDetail> {
  return get(`/api/recipes/${at(id)}`);
}

export interface NewRecipe {
  readonly name: string;
  /** Path within the bundle, and the file. */
  readonly files: readonly (readonly [string, File])[];
  readonly by: string;
}

export async function uploadRecipe({ name, files, by }: NewRecipe): Promise<Recipe> {
  const form = new FormData();
  form.append('name', name);
  if (by.trim()) form.append('by', by.trim());
  for (const [path, file] of files) form.append(path, file, path.split('/').at(-1));
  return (await call('/api/recipes', { method: 'POST', body: form })).json() as Promise<Recipe>;
}

export function activateRecipe(id: string, by: string): Promise<Recipe> {
  return send('POST', `/api/recipes/${at(id)}/activate`, named(by));
}

/** Takes the thresholds of revision `to`, as a new revision. */
export function rollBackRecipe(id: string, to: number, by: string): Promise<Recipe> {
  return send('POST', `/api/recipes/${at(id)}/rollback`, { to, ...named(by) });
}

export interface NewThresholds {
  readonly ng: number;
  readonly review: number | null;
  readonly revision: number;
  readonly note: string;
  readonly by: string;
}

export function saveThresholds(id: string, { ng, review, revision, note, by }: NewThresholds): Promise<Recipe> {
  const said = note.trim() === '' ? {} : { note: note.trim() };
  return send('PATCH', `/api/recipes/${at(id)}`, { ng, review, revision, ...said, ...named(by) });
}

export function getScores(id: string): Promise<RecipeScores> {
  return get(`/api/recipes/${at(id)}/scores`);
}

export function tune(id: string, request: TuneRequest, signal: AbortSignal): Promise<Tuning> {
  return send('POST', `/api/recipes/${at(id)}/tune`, request, signal);
}

export function getAudit(limit: number, before?: number): Promise<AuditTrail> {
  return get(`/api/audit?limit=${limit}${before === undefined ? '' : `&before=${before}`}`);
}
