/** Data sets: made, filled, labelled, looked at. */
import { ByQuery, ImageFields } from '../../contract/datasets.ts';
import { archiveOf } from '../../datasets/archive.ts';
import { addInspections } from '../../datasets/from-inspections.ts';
import type { Station } from '../../station.ts';
import type { Answers } from '../answers.ts';
import { changeOf } from '../callers.ts';
import type { Intake } from '../intake.ts';
import type { HandlersOf } from '../mount.ts';
import { pictureAnswer } from './pictures.ts';

export function dataSetHandlers(station: Station, intake: Intake, answers: Answers): HandlersOf<'dataSets'> {
  const { dataSets } = station;
  return {
    listDataSets: () => ({ dataSets: dataSets.list() }),
    createDataSet: ({ request, body }) => dataSets.create(body.name, changeOf(request, body)),
    getDataSet: ({ params }) => dataSets.detail(params.id),
    getDataSetArchive: ({ params: { id }, reply }) => {
      const set = dataSets.require(id);
      answers.takeFile(reply);
      reply.header('content-disposition', `attachment; filename="${id}-version-${set.facts.version}.tar"`);
      return archiveOf(set);
    },
    deleteDataSet: ({ params: { id }, query, request }) =>
      dataSets.delete(id, () => station.trainings.isRead(id) || station.studies.isRead(id), changeOf(request, query)),
    addImage: async ({ request, reply, params }) => {
      dataSets.require(params.id);
      const { bytes, fields } = await intake.read<ImageFields>(request, ImageFields);
      const { by, ...said } = fields;
      const { added, ...answer } = await dataSets.add(params.id, bytes, said, changeOf(request, { by }));
      if (!added) reply.code(200);
      return answer;
    },
    addInspections: ({ request, params, body }) =>
      addInspections(station, params.id, body.inspections, changeOf(request, body)),
    labelImage: ({ request, params, body: { by, ...said } }) =>
      dataSets.label(params.id, params.hash, said, changeOf(request, { by })),
    removeImage: ({ request, params, query }) => dataSets.remove(params.id, params.hash, changeOf(request, query)),
    getImageFile: ({ params: { id, hash }, query, request, reply }) => {
      const set = dataSets.require(id);
      set.requireImage(hash);
      const image = { hash, size: () => set.imageSize(hash), read: () => set.imageBytes(hash) };
      return pictureAnswer(station, { request, reply, answers }, image, query.longest);
    },
    getMask: ({ params }) => dataSets.require(params.id).maskBytes(params.hash),
    setMask: async ({ request, params }) => {
      const { bytes, fields } = await intake.read<ByQuery>(request, ByQuery);
      return dataSets.setMask(params.id, params.hash, bytes, changeOf(request, fields));
    },
    removeMask: ({ request, params, query }) => dataSets.removeMask(params.id, params.hash, changeOf(request, query)),
  };
}
