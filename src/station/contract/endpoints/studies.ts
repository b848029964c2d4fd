/** Studies of people who decide on pictures, blind. */
import {
  NewStudy,
  StudyAnswer,
  StudyClosing,
  StudyDetail,
  StudyList,
  StudyPictureQuery,
  StudyReportQuery,
  StudyTask,
} from '../studies.ts';
import type { Rows } from './endpoint.ts';

export const studyRows = {
  listStudies: {
    least: 'operator',
    summary: 'All studies, newest first, with how far one is oneself',
    answer: StudyList,
  },
  createStudy: {
    least: 'engineer',
    summary: 'Make a study of a labelled data set',
    description:
      'Its parts are the part groups. Where each has as many pictures as there are trials, all inspected by one recipe, felfri is an appraiser, too.',
    body: NewStudy,
    answer: StudyDetail,
    status: 201,
    refuses: ['OPTION_INVALID', 'NOT_FOUND', 'PRESENTED_TWICE'],
  },
  getStudy: { least: 'engineer', summary: 'A study: parts, appraisers, agreement', answer: StudyDetail },
  getStudyTask: {
    least: 'operator',
    summary: 'Which part comes next to who asks',
    description: 'An appraiser is a user of the station, and not who made the study: they know what the parts are.',
    answer: StudyTask,
    refuses: ['FORBIDDEN'],
  },
  getStudyPicture: {
    least: 'operator',
    summary: 'The picture of that part, anew encoded, without a name',
    query: StudyPictureQuery,
    content: ['image/webp'],
    refuses: ['FORBIDDEN', 'CONFLICT', 'TOO_BUSY', 'PROCESS_ENDED'],
  },
  giveAnswer: {
    least: 'operator',
    summary: 'Say what that part is; it cannot be changed',
    body: StudyAnswer,
    answer: StudyTask,
    refuses: ['FORBIDDEN', 'CONFLICT'],
  },
  closeStudy: {
    least: 'engineer',
    summary: 'Take no more answers, for good',
    body: StudyClosing,
    answer: StudyDetail,
  },
  getStudyTable: {
    least: 'engineer',
    summary: 'Every answer as CSV, as felfri msa reads it',
    content: ['text/csv'],
  },
  getStudyReport: {
    least: 'engineer',
    summary: 'The report of those that have finished, as HTML or PDF',
    description: 'HTML is a sandboxed page: link to it in a window of its own, do not frame it.',
    query: StudyReportQuery,
    content: ['text/html', 'application/pdf'],
    refuses: ['CONFLICT'],
  },
} as const satisfies Rows<'studies'>;
