/** What a client finds in the server, to print for whoever writes one. Paths begin at the object VisionSystem. */
import { evaluations, methodErrors } from './codes.ts';
import { resultContent } from './result-content.ts';

interface NodeTable {
  readonly title: string;
  readonly heads: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const automatic = 'VisionStateMachine/AutomaticModeStateMachine';

/** All is of OPC 40100-1, but where another is named. */
const methods = [
  [
    'VisionStateMachine',
    'Halt',
    'operator',
    'state Halted until Reset, and a job is aborted; images that come are inspected all the same',
  ],
  ['VisionStateMachine', 'Reset', 'operator', 'ends Halt: the state is the station’s again'],
  ['VisionStateMachine', 'SelectModeAutomatic', 'operator', 'nothing: there is no other mode'],
  [
    automatic,
    'StartSingleJob',
    'operator',
    'announces the part PartId: the next image of it is its result, with this JobId; without one in the inspect window the part is not inspected',
  ],
  [
    automatic,
    'StartContinuous',
    'operator',
    'results of images that come from now on have its JobId, of PartId alone where it is named',
  ],
  [
    automatic,
    'Stop',
    'operator',
    'ends the job for images that come from now on; one that came before still gives its result',
  ],
  [automatic, 'Abort', 'operator', 'ends the job; a part that was announced is put on record as not inspected'],
  [
    'RecipeManagement',
    'GetRecipeListFiltered',
    'reader',
    'internal ids of the recipes, by name and by whether they are prepared',
  ],
  ['RecipeManagement', 'PrepareRecipe', 'engineer', 'makes a recipe the active one, by its internal id or its name'],
  ['RecipeManagement', 'UnprepareRecipe', 'engineer', 'always -6: prepare another recipe instead'],
  ['RecipeManagement', 'ReleaseRecipeHandle', 'reader', 'nothing: there are no handles'],
  ['RecipeManagement/Recipes/ID', 'Prepare', 'engineer', 'makes this recipe the active one'],
  ['RecipeManagement/Recipes/ID', 'Unprepare', 'engineer', 'always -6'],
  [
    'ConfigurationManagement',
    'GetConfigurationList, GetConfigurationById',
    'reader',
    'the one configuration: the station’s name, felfri’s version',
  ],
  ['ConfigurationManagement', 'ActivateConfiguration', 'engineer', 'takes that one alone'],
  ['ResultManagement', 'GetResultById, GetResultComponentsById', 'reader', 'a result that is not acknowledged yet'],
  [
    'ResultManagement',
    'GetResultListFiltered',
    'reader',
    'those results, by state, MeasId, PartId, recipe, configuration and job',
  ],
  ['ResultManagement', 'ReleaseResultHandle', 'reader', 'nothing: there are no handles'],
  ['ResultManagement (40001-101)', 'GetLatestResult', 'reader', 'the newest result that is not acknowledged yet'],
  ['ResultManagement (40001-101)', 'GetResultById', 'reader', 'one of those by its id'],
  [
    'ResultManagement (40001-101)',
    'GetResultIdListFiltered',
    'reader',
    'ids of those, oldest first; a filter or an order is answered by -6',
  ],
  [
    'ResultManagement (40001-101)',
    'AcknowledgeResults',
    'operator',
    'takes results off for good; an error for each id',
  ],
  ['ResultManagement (40001-101)', 'ReleaseResultHandle', 'reader', 'nothing: there are no handles'],
] as const;

const states = [
  ['Preoperational', '', 'the server has just begun, and was told nothing yet'],
  ['Operational', 'Initialized', 'no recipe is active'],
  ['Operational', 'Ready', 'an image that was sent now would be decided and recorded; a job may start'],
  ['Operational', 'SingleExecution', 'a part was announced, and its result is not shown yet'],
  ['Operational', 'ContinuousExecution', 'a continuous job runs'],
  ['Error', '', 'the station cannot decide or record now; the event’s Message says why'],
  ['Halted', '', 'a client called Halt'],
] as const;

const events = [
  ['ResultReadyEventType (40100-1)', 'each part; its fields are those of ResultDataType'],
  ['ResultReadyEventType (40001-101)', 'each part; Result is a ResultDataType'],
  ['StateChangedEventType', 'each change of state; Message says why'],
  ['JobStartedEventType', 'each job, by its JobId'],
  ['ReadyEventType', 'the end of a job, after its result; JobId is its'],
  ['RecipePreparedEventType', 'another recipe became the active one'],
] as const;

export function nodeTables(): NodeTable[] {
  return [
    { title: 'Methods', heads: ['object', 'method', 'least role', 'does'], rows: methods },
    { title: 'States', heads: ['VisionStateMachine', 'AutomaticModeStateMachine', 'means'], rows: states },
    { title: 'Events of VisionSystem', heads: ['event', 'tells of'], rows: events },
    {
      title: 'ResultContent',
      heads: ['index', 'name', 'type', 'meaning'],
      rows: resultContent.map(([name, type, meaning], i) => [String(i), name, type, meaning]),
    },
    {
      title: 'ResultEvaluation of OPC 40001-101',
      heads: ['decision', 'value'],
      rows: Object.entries(evaluations).map(([decision, value]) => [decision, String(value)]),
    },
    {
      title: 'Values of Error',
      heads: ['value', 'meaning'],
      rows: Object.values(methodErrors).map(([value, meaning]) => [String(value), meaning]),
    },
  ];
}
