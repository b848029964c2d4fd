/** Data sets: made, filled, labelled, looked at. */
import {
  ByQuery,
  DataSet,
  DataSetDetail,
  DataSetList,
  ImageChange,
  ImageFields,
  ImageLabel,
  InspectionsAdded,
  InspectionsToAdd,
  NewDataSet,
} from '../datasets.ts';
import { PictureQuery } from '../inspections.ts';
import { imageTypes, pictureTypes, type Rows } from './endpoint.ts';

export const dataSetRows = {
  listDataSets: { least: 'engineer', summary: 'All data sets, by name', answer: DataSetList },
  createDataSet: {
    least: 'engineer',
    summary: 'Make an empty data set',
    body: NewDataSet,
    answer: DataSet,
    status: 201,
  },
  getDataSet: {
    least: 'engineer',
    summary: 'A data set with its images, in the order they were added',
    answer: DataSetDetail,
  },
  getDataSetArchive: {
    least: 'engineer',
    summary: 'A data set as a tar file: its manifest, images and masks, as felfri reads them',
    content: ['application/x-tar'],
    refuses: ['TOO_BUSY'],
  },
  deleteDataSet: {
    least: 'engineer',
    summary: 'Delete a data set with its images, for good',
    description: 'Bundles and recipes that learned from it stay. No other data set takes its id.',
    query: ByQuery,
    status: 204,
    refuses: ['CONFLICT'],
  },
  addImage: {
    least: 'engineer',
    summary: 'Add an image',
    description:
      'Multipart with the fields and one file called image, in any order; or the image as the body, fields in the query.',
    upload: { file: 'image', fields: ImageFields, types: imageTypes },
    answer: ImageChange,
    status: 201,
    also: { 200: 'The data set has the image; nothing was changed' },
  },
  addInspections: {
    least: 'engineer',
    summary: 'Add the images of inspections, labelled by what a person said of them',
    body: InspectionsToAdd,
    answer: InspectionsAdded,
  },
  labelImage: {
    least: 'engineer',
    summary: 'Label an image',
    description: 'A good image, and one without a label, has no mask: it is given up.',
    body: ImageLabel,
    answer: ImageChange,
  },
  removeImage: { least: 'engineer', summary: 'Take an image out', query: ByQuery, answer: ImageChange },
  getImageFile: {
    least: 'engineer',
    summary: 'An image: the bytes as they came, or a smaller copy as WebP',
    query: PictureQuery,
    content: pictureTypes,
    refuses: ['TOO_BUSY', 'PROCESS_ENDED'],
  },
  getMask: { least: 'engineer', summary: 'Its mask: 255 is defect, 0 is not', content: ['image/png'] },
  setMask: {
    least: 'engineer',
    summary: 'Draw its mask',
    description:
      'A PNG of the image as it is shown. What is not black is defect. Makes the image defective. A mask that marks nothing, or cannot be believed, is refused and changes nothing.',
    upload: { file: 'image', fields: ByQuery, types: ['image/png', 'application/octet-stream'] },
    answer: ImageChange,
    refuses: ['MASK_MISMATCH', 'MASK_EMPTY', 'MASK_UNCLEAR'],
  },
  removeMask: { least: 'engineer', summary: 'Take its mask away', query: ByQuery, answer: ImageChange },
} as const satisfies Rows<'dataSets'>;
