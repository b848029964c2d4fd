/** Data sets, as the service keeps them. */
import { addressOf } from '../../../src/station/client/connection.ts';
import { call, named } from './client.ts';
import type { DataSetImage, ImageLabel } from './contract.ts';

export const getDataSets = () => call('listDataSets');

export const createDataSet = (name: string, by: string) => call('createDataSet', { body: { name, ...named(by) } });

export const getDataSet = (id: string) => call('getDataSet', { params: { id } });

export function addImage(id: string, image: File, partGroup: string, by: string) {
  const query = {
    name: image.name.slice(0, 200),
    ...(partGroup.trim() && { partGroup: partGroup.trim() }),
    ...named(by),
  };
  return call('addImage', { params: { id }, query, body: image });
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
