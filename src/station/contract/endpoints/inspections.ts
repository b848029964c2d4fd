/** Inspections: made, found, looked at, and judged by a person. */
import {
  FeedbackRequest,
  FeedbackWithdrawal,
  Inspection,
  InspectionFields,
  InspectionQuery,
  MapQuery,
  PictureQuery,
  ReviewQuery,
  ReviewQueue,
} from '../inspections.ts';
import { PartRecord, PartRecordPage } from '../not-inspected.ts';
import { Statistics, StatisticsQuery } from '../statistics.ts';
import { imageTypes, pictureTypes, type Rows } from './endpoint.ts';

export const inspectionRows = {
  inspect: {
    least: 'operator',
    summary: 'Inspect an image',
    description:
      'Multipart with the fields and one file called image, in any order; or the image as the body, fields in the query.',
    upload: { file: 'image', fields: InspectionFields, types: imageTypes },
    answer: Inspection,
    status: 201,
    also: { 200: 'The record that there was: the resultId was seen before with the same image' },
    refuses: [
      'CONFLICT',
      'NO_RECIPE',
      'RECIPE_UNRELEASED',
      'PRODUCT_UNKNOWN',
      'TOO_BUSY',
      'PROCESS_ENDED',
      'BUNDLE_FAILS',
      'BUNDLE_UNTRUSTED',
      'TOO_LATE',
      'SCORE_INVALID',
    ],
  },
  findInspections: {
    least: 'operator',
    summary: 'Inspections, and parts that were not inspected, newest first',
    query: InspectionQuery,
    answer: PartRecordPage,
  },
  getInspection: { least: 'operator', summary: 'One inspection, or a part that was not inspected', answer: PartRecord },
  getInspectionImage: {
    least: 'operator',
    summary: 'Its image: the bytes as they came, or a smaller copy as WebP',
    query: PictureQuery,
    content: pictureTypes,
    refuses: ['TOO_BUSY', 'PROCESS_ENDED'],
  },
  getInspectionMap: {
    least: 'operator',
    summary:
      'Its image with the score map over it, no side longer than 4096 pixels; a strip below says what was decided if it is `stamped`',
    query: MapQuery,
    content: ['image/png'],
    refuses: ['TOO_BUSY', 'PROCESS_ENDED'],
  },
  giveFeedback: {
    least: 'operator',
    summary: 'What a person says of the decision',
    description: 'A later verdict takes the place of the former, which the audit log keeps.',
    body: FeedbackRequest,
    answer: Inspection,
  },
  withdrawFeedback: {
    least: 'operator',
    summary: 'Take it back: the part waits for a verdict again',
    query: FeedbackWithdrawal,
    answer: Inspection,
  },
  getReviewQueue: {
    least: 'operator',
    summary: 'REVIEW and NG that nobody has looked at, oldest first',
    query: ReviewQuery,
    answer: ReviewQueue,
  },
  getStatistics: {
    least: 'operator',
    summary: 'What became of the parts of a time, by hour, shift, day, lot, product or recipe',
    description:
      'Counted from the records, so that a restart changes nothing; records that retention removed are gone.',
    query: StatisticsQuery,
    answer: Statistics,
  },
} as const satisfies Rows<'inspections'>;
