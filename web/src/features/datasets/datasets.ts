/** Data sets, as the service keeps them. */
import { addressOf } from '../../../../src/station/client/connection.ts';
import { call, named, response } from '../../api/client.ts';
import type { DataSetImage, ImageLabel } from '../../api/contract.ts';
import type { PlannedImage } from './upload-plan.ts';

export const getDataSets = (signal?: AbortSignal) => call('listDataSets', { signal });

export const createDataSet = (name: string, by: string) => call('createDataSet', { body: { name, ...named(by) } });

export const getDataSet = (id: string, signal?: AbortSignal) => call('getDataSet', { params: { id }, signal });

export const deleteDataSet = (id: string, by: string) =>
  response('deleteDataSet', { params: { id }, query: named(by) });

/** A tar file. */
export const archiveAddress = (id: string) => addressOf('getDataSetArchive', { params: { id } });

export function addImage(id: string, image: Omit<PlannedImage, 'mask'>, partGroup: string, by: string) {
  const { name, file, ...said } = image;
  const query = { name, ...said, ...(partGroup.trim() && { partGroup: partGroup.trim() }), ...named(by) };
  return call('addImage', { params: { id }, query, body: file });
}

/** Without ids: every inspection with feedback. */
export const addInspections = (id: string, by: string, inspections?: readonly string[]) =>
  call('addInspections', {
    params: { id },
    body: { ...(inspections && { inspections: [...inspections] }), ...named(by) },
  });

export const labelImage = (id: string, hash: string, label: Omit<ImageLabel, 'by'>, by: string) =>
  call('labelImage', { params: { id, hash }, body: { ...label, ...named(by) } });

export const removeImage = (id: string, hash: string, by: string) =>
  call('removeImage', { params: { id, hash }, query: named(by) });

export const saveMask = (id: string, hash: string, mask: Blob, by: string) =>
  call('setMask', { params: { id, hash }, query: named(by), body: mask });

/** A mask on which nothing is marked is none; the station refuses it as one. */
export const removeMask = (id: string, hash: string, by: string) =>
  call('removeMask', { params: { id, hash }, query: named(by) });

/** `longest`: no side of the copy has more pixels; left out, the image as it came. */
export const imageAddress = (id: string, hash: string, longest?: number) =>
  addressOf('getImageFile', { params: { id, hash }, query: { longest } });

/** The mask's hash makes the address of another mask another one. */
export const maskAddress = (id: string, { hash, mask }: DataSetImage) =>
  `${addressOf('getMask', { params: { id, hash } })}?${mask}`;
