/** Data sets, as the service keeps them. */
import { at, call, get, named, send } from './client.ts';
import type {
  DataSet,
  DataSetDetail,
  DataSetImage,
  DataSetList,
  ImageChange,
  ImageLabel,
  InspectionsAdded,
} from './contract.ts';

const of = (id: string): string => `/api/datasets/${at(id)}`;

export function getDataSets(): Promise<DataSetList> {
  return get('/api/datasets');
}

export function createDataSet(name: string, by: string): Promise<DataSet> {
  return send('POST', '/api/datasets', { name, ...named(by) });
}

export function getDataSet(id: string): Promise<DataSetDetail> {
  return get(of(id));
}

export async function addImage(id: string, image: File, partGroup: string, by: string): Promise<ImageChange> {
  const form = new FormData();
  form.append('name', image.name.slice(0, 200));
  if (partGroup.trim()) form.append('partGroup', partGroup.trim());
  if (by.trim()) form.append('by', by.trim());
  form.append('image', image);
  return (await call(`${of(id)}/images`, { method: 'POST', body: form })).json() as Promise<ImageChange>;
}

/** Without ids: every inspection with feedback. */
export function addInspections(id: string, by: string, inspections?: readonly string[]): Promise<InspectionsAdded> {
  return send('POST', `${of(id)}/inspections`, { ...(inspections && { inspections }), ...named(by) });
}

export function labelImage(id: string, hash: string, label: Omit<ImageLabel, 'by'>, by: string): Promise<ImageChange> {
  return send('PATCH', `${of(id)}/images/${hash}`, { ...label, ...named(by) });
}

const byQuery = (by: string): string => (by.trim() ? `?by=${at(by.trim())}` : '');

export async function removeImage(id: string, hash: string, by: string): Promise<ImageChange> {
  const answer = await call(`${of(id)}/images/${hash}${byQuery(by)}`, { method: 'DELETE' });
  return answer.json() as Promise<ImageChange>;
}

export async function saveMask(id: string, hash: string, mask: Blob, by: string): Promise<ImageChange> {
  const init = { method: 'PUT', headers: { 'content-type': 'image/png' }, body: mask };
  return (await call(`${of(id)}/images/${hash}/mask${byQuery(by)}`, init)).json() as Promise<ImageChange>;
}

/** A mask on which nothing is marked is none; the station refuses it as one. */
export async function removeMask(id: string, hash: string, by: string): Promise<ImageChange> {
  const init = { method: 'DELETE' };
  return (await call(`${of(id)}/images/${hash}/mask${byQuery(by)}`, init)).json() as Promise<ImageChange>;
}

/** `longest`: no side of the copy has more pixels; left out, the image as it came. */
export function imageAddress(id: string, hash: string, longest?: number): string {
  return `${of(id)}/images/${hash}/file${longest ? `?longest=${longest}` : ''}`;
}

/** The mask's hash makes the address of another mask another one. */
export function maskAddress(id: string, { hash, mask }: DataSetImage): string {
  return `${of(id)}/images/${hash}/mask?${mask}`;
}
