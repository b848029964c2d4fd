/** Every action of the audit log: what it means, what it names, and its sentence. One without a row does not compile, nor a row without a cell. */
import { titleOf } from '../../detectors/table.ts';
import type { AuditActionRow } from './action-row.ts';
import type { AuditAction, AuditDetails } from './details.ts';
import { userActions } from './user-actions.ts';
import { counted, labelled, megabytes, quoted, short, span, thresholdChange, withNote } from './words.ts';

export const auditActions: { readonly [A in AuditAction]: AuditActionRow<AuditDetails[A]> } = {
  'recipe.created': {
    means: 'a bundle was added as a recipe',
    about: 'recipe',
    tell: ({ by, subject, detail: { signedBy } }) =>
      `${by} added the recipe ${subject}${signedBy ? `, signed by ${signedBy.keys.map(({ name }) => quoted(name)).join(' and ')}` : ''}.`,
  },
  'recipe.thresholds': {
    means: 'thresholds of a recipe were set',
    about: 'recipe',
    tell: ({ by, subject, detail }) =>
      `${by} set the thresholds of ${subject}: ${thresholdChange(detail)}${withNote(detail.note)}.`,
  },
  'recipe.rolled back': {
    means: 'a recipe went back to the thresholds of a former revision',
    about: 'recipe',
    tell: ({ by, subject, detail }) =>
      `${by} took ${subject} back to the thresholds of revision ${detail.to}: ${thresholdChange(detail)}${withNote(detail.note)}.`,
  },
  'recipe.activated': {
    means: 'a recipe became the active one',
    about: 'recipe',
    tell: ({ by, subject, detail: { former }, names }) =>
      `${by} made ${subject} the active recipe${former ? ` in place of ${quoted(names.get(former) ?? former)}` : ''}.`,
  },
  'recipe.deactivated': {
    means: 'the active recipe was taken off, so that none is',
    about: 'recipe',
    tell: ({ by, subject }) => `${by} took ${subject} off; no recipe is active.`,
  },
  'recipe.proposed': {
    means: 'a person signed that a recipe as it is should be released, and a second person is asked',
    about: 'recipe',
    tell: ({ by, subject, detail: { revision, reason } }) =>
      `${by} signed to propose ${subject} as it is at revision ${revision}, since ${quoted(reason)}.`,
  },
  'recipe.released': {
    means: 'a person signed that a recipe as it is may judge parts',
    about: 'recipe',
    tell: ({ by, subject, detail: { revision, reason, proposal } }) =>
      `${by} signed to release ${subject} as it is at revision ${revision}${proposal === null ? '' : ', which another person had proposed'}, since ${quoted(reason)}.`,
  },
  'product.set': {
    means: 'a recipe was set for a product code',
    about: 'product',
    tell: ({ by, subject, detail: { recipe, former, note }, names }) =>
      `${by} set the recipe ${quoted(names.get(recipe) ?? recipe)} for the product code ${subject}${former ? `, in place of ${quoted(names.get(former) ?? former)}` : ''}${withNote(note)}.`,
  },
  'product.removed': {
    means: 'a product code was taken away',
    about: 'product',
    tell: ({ by, subject, detail: { former, note }, names }) =>
      `${by} took the product code ${subject} away, for which ${quoted(names.get(former) ?? former)} was set${withNote(note)}.`,
  },
  'shadow.started': {
    means: 'a recipe began to judge the parts of another one as its shadow',
    about: 'recipe',
    tell: ({ by, subject, detail: { deciding, note }, names }) =>
      `${by} let ${subject} judge the parts of ${quoted(names.get(deciding) ?? deciding)} as its shadow, which decides nothing${withNote(note)}.`,
  },
  'shadow.ended': {
    means: 'a shadow was stopped, came to its end, or failed',
    about: 'recipe',
    tell: ({ by, subject, detail: { deciding, state, problem, note }, names }) =>
      `${by} ended the shadow by ${subject} of ${quoted(names.get(deciding) ?? deciding)} (${state}${problem ? `: ${problem}` : ''})${withNote(note)}.`,
  },
  'inspection.feedback': {
    means: 'a person gave a verdict, or another one',
    about: 'inspection',
    tell: ({ by, subject, detail: { verdict, className, before, note } }) =>
      `${by} said ${quoted(verdict)}${className ? ` (${quoted(className)})` : ''} of inspection ${subject}${before ? ` in place of ${quoted(before)}` : ''}${withNote(note)}.`,
  },
  'inspection.feedback withdrawn': {
    means: 'a verdict was taken back',
    about: 'inspection',
    tell: ({ by, subject, detail: { before, givenBy } }) =>
      `${by} took back ${quoted(before)}${givenBy ? `, said by ${givenBy},` : ''} of inspection ${subject}.`,
  },
  'pictures.removed': {
    means: 'pictures went as they were too old or too many',
    about: 'kept',
    tell: ({ by, detail }) =>
      `${by} removed the pictures of ${counted(detail.inspections, 'inspection')} ${span(detail)}, ${megabytes(detail.bytes)}: ${detail.reason}. Their records stay.`,
  },
  'inspections.removed': {
    means: 'records of inspections went as they were too old or too many',
    about: 'kept',
    tell: ({ by, detail }) =>
      `${by} deleted the records of ${counted(detail.inspections, 'inspection')} ${span(detail)} with their pictures: ${detail.reason}. ${detail.waiting} of them waited for review.`,
  },
  'not inspected.removed': {
    means: 'records of parts that were not inspected went likewise',
    about: 'kept',
    tell: ({ by, detail }) =>
      `${by} deleted ${counted(detail.records, 'record')} of parts that were not inspected ${span(detail)}: ${detail.reason}.`,
  },
  'station.release policy': {
    means: 'the station was started and asks for other releases of recipes than before',
    about: 'kept',
    tell: ({ by, detail: { before, after } }) => `${by} was started with --release ${after}; before it was ${before}.`,
  },
  'station.restored': {
    means: 'the station was brought back from a backup',
    about: 'kept',
    tell: ({ by, detail }) =>
      `${by} brought the station back from the backup of ${detail.madeAt}, whose archive has the SHA-256 ${short(detail.archive)}.`,
  },
  'records.upgraded': {
    means: 'the records of an older felfri were brought up to date',
    about: 'kept',
    tell: ({ by, detail: { from, to, copy, felfri } }) =>
      `${by} (${felfri}) brought the records from step ${from} to ${to}; ${copy === null ? 'no copy of before was made' : `the copy of before is ${copy}`}.`,
  },
  'dataset.created': {
    means: 'a data set was made',
    about: 'dataSet',
    tell: ({ by, subject }) => `${by} made the data set ${subject}.`,
  },
  'dataset.image': {
    means: 'an image came into a data set',
    about: 'dataSet',
    tell: ({ by, subject, detail: { image, after, version } }) =>
      `${by} added the image ${short(image)} to ${subject}, ${labelled(after)}; it is version ${version}.`,
  },
  'dataset.label': {
    means: 'an image got another label, class or part group',
    about: 'dataSet',
    tell: ({ by, subject, detail: { image, before, after, version } }) =>
      `${by} labelled the image ${short(image)} of ${subject} ${labelled(after)}, before ${labelled(before)}; it is version ${version}.`,
  },
  'dataset.mask': {
    means: 'a mask was drawn or taken away',
    about: 'dataSet',
    tell: ({ by, subject, detail: { image, after, version } }) =>
      `${by} ${after?.mask ? 'drew' : 'took away'} the mask of the image ${short(image)} of ${subject}; it is version ${version}.`,
  },
  'dataset.removed': {
    means: 'an image was taken out of a data set',
    about: 'dataSet',
    tell: ({ by, subject, detail: { image, version } }) =>
      `${by} took the image ${short(image)} out of ${subject}; it is version ${version}.`,
  },
  'dataset.deleted': {
    means: 'a data set was deleted with its images',
    about: 'dataSet',
    tell: ({ by, subject, detail: { version, counts } }) =>
      `${by} deleted the data set ${subject} (version ${version}: ${counts.good} good, ${counts.defective} defective and ${counts.unlabelled} unlabelled images).`,
  },
  'training.started': {
    means: 'a training was asked for',
    about: 'training',
    tell: ({ by, subject, detail: { dataSet, version, settings, regions = [] }, names }) =>
      `${by} started the training ${subject} of a ${titleOf(settings.detector)} on version ${version} of ${quoted(names.get(dataSet) ?? dataSet)}${regions.length > 0 ? `, with regions (${regions.join(', ')})` : ''}.`,
  },
  'training.stopped': {
    means: 'a training was stopped by a person',
    about: 'training',
    tell: ({ by, subject }) => `${by} stopped the training ${subject}.`,
  },
  'training.resumed': {
    means: 'a training goes on',
    about: 'training',
    tell: ({ by, subject }) => `${by} resumed the training ${subject}.`,
  },
  'study.created': {
    means: 'a study of people who decide on pictures was made',
    about: 'study',
    tell: ({ by, subject, detail: { dataSet, version, parts, trials, seed }, names }) =>
      `${by} made the study ${subject} of ${counted(parts, 'part')} and ${counted(trials, 'trial')} on version ${version} of ${quoted(names.get(dataSet) ?? dataSet)}; its orders follow from ${seed}.`,
  },
  'study.answer': {
    means: 'an appraiser decided on a picture of a study',
    about: 'study',
    tell: ({ by, subject, detail: { trial, position, part, answer } }) =>
      `${by} said ${quoted(answer)} of part ${quoted(part)} in the study ${subject}, trial ${trial}, place ${position}.`,
  },
  'study.closed': {
    means: 'a study was closed, so that it takes no more answers',
    about: 'study',
    tell: ({ by, subject, detail: { answers } }) =>
      `${by} closed the study ${subject}, with ${counted(Object.keys(answers).length, 'appraiser')}.`,
  },
  'drift.acknowledged': {
    means: 'somebody knows of what drifts',
    about: 'drift',
    tell: ({ by, detail: { recipe, source, drifting, note }, names }) =>
      `${by} acknowledged what drifts of ${quoted(names.get(recipe) ?? recipe)} at ${source}: ${drifting.join('; ') || 'nothing'}${withNote(note)}.`,
  },
  'drift.learned anew': {
    means: 'what is watched for drift is learned anew',
    about: 'drift',
    tell: ({ by, detail: { recipe, source, drifting, note }, names }) =>
      `${by} had the parts of ${quoted(names.get(recipe) ?? recipe)} at ${source} learned anew; what drifted: ${drifting.join('; ') || 'nothing'}${withNote(note)}.`,
  },
  'reference.added': {
    means: 'a reference part was stated',
    about: 'reference',
    tell: ({ by, detail: { name, recipe, part, expected, everyHours }, names }) =>
      `${by} stated the reference part ${quoted(name)} of ${quoted(names.get(recipe) ?? recipe)}${part === null ? '' : ` (part ${quoted(part)})`}: ${expected}, every ${everyHours} h.`,
  },
  'reference.removed': {
    means: 'a reference part was taken away',
    about: 'reference',
    tell: ({ by, detail: { name, recipe, expected }, names }) =>
      `${by} took away the reference part ${quoted(name)} (${expected}) of ${quoted(names.get(recipe) ?? recipe)}.`,
  },
  ...userActions,
};
