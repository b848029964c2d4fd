/**
 * Every endpoint by its name: method and path, and nothing else, so that a browser can have it. What each asks and answers stands under the same
 * name in `endpoints/`; neither compiles without the other.
 */

export const addressesBySubject = {
  session: {
    getSession: 'GET /api/session',
    signIn: 'POST /api/session',
    signOut: 'DELETE /api/session',
    changePassword: 'PUT /api/session/password',
    listSessions: 'GET /api/sessions',
    endSession: 'DELETE /api/sessions/:id',
    listTokens: 'GET /api/tokens',
    endToken: 'DELETE /api/tokens/:id',
  },
  users: {
    listUsers: 'GET /api/users',
    addUser: 'POST /api/users',
    changeUser: 'PATCH /api/users/:user',
    removeUser: 'DELETE /api/users/:user',
  },
  inspections: {
    inspect: 'POST /api/inspections',
    findInspections: 'GET /api/inspections',
    getInspection: 'GET /api/inspections/:id',
    getInspectionImage: 'GET /api/inspections/:id/image',
    getInspectionMap: 'GET /api/inspections/:id/map',
    giveFeedback: 'PUT /api/inspections/:id/feedback',
    withdrawFeedback: 'DELETE /api/inspections/:id/feedback',
    getReviewQueue: 'GET /api/review',
    getStatistics: 'GET /api/statistics',
  },
  recipes: {
    listRecipes: 'GET /api/recipes',
    uploadRecipe: 'POST /api/recipes',
    getRecipe: 'GET /api/recipes/:id',
    getRecipeCard: 'GET /api/recipes/:id/card',
    getRecipeModel: 'GET /api/recipes/:id/model',
    getRecipeScores: 'GET /api/recipes/:id/scores',
    tuneThresholds: 'POST /api/recipes/:id/tune',
    setThresholds: 'PATCH /api/recipes/:id',
    activateRecipe: 'POST /api/recipes/:id/activate',
    rollBackRecipe: 'POST /api/recipes/:id/rollback',
    listReleases: 'GET /api/releases',
    signRelease: 'POST /api/recipes/:id/release',
    getRecipeLife: 'GET /api/recipes/:id/life',
    getRecipeLifeReport: 'GET /api/recipes/:id/life/report',
    listProducts: 'GET /api/products',
    setProduct: 'PUT /api/products',
  },
  replays: {
    startReplay: 'POST /api/replays',
    listReplays: 'GET /api/replays',
    getReplay: 'GET /api/replays/:id',
    cancelReplay: 'POST /api/replays/:id/cancel',
    getMapByRecipe: 'GET /api/inspections/:id/maps/:recipe',
  },
  shadows: {
    startShadow: 'POST /api/shadows',
    listShadows: 'GET /api/shadows',
    getShadow: 'GET /api/shadows/:id',
    getShadowReport: 'GET /api/shadows/:id/report',
    stopShadow: 'POST /api/shadows/:id/stop',
  },
  dataSets: {
    listDataSets: 'GET /api/datasets',
    createDataSet: 'POST /api/datasets',
    getDataSet: 'GET /api/datasets/:id',
    getDataSetArchive: 'GET /api/datasets/:id/archive',
    deleteDataSet: 'DELETE /api/datasets/:id',
    addImage: 'POST /api/datasets/:id/images',
    addInspections: 'POST /api/datasets/:id/inspections',
    labelImage: 'PATCH /api/datasets/:id/images/:hash',
    removeImage: 'DELETE /api/datasets/:id/images/:hash',
    getImageFile: 'GET /api/datasets/:id/images/:hash/file',
    getMask: 'GET /api/datasets/:id/images/:hash/mask',
    setMask: 'PUT /api/datasets/:id/images/:hash/mask',
    removeMask: 'DELETE /api/datasets/:id/images/:hash/mask',
  },
  trainings: {
    listTrainings: 'GET /api/trainings',
    startTraining: 'POST /api/trainings',
    getTrainingChoices: 'GET /api/trainings/choices',
    getTraining: 'GET /api/trainings/:id',
    getTrainingCurve: 'GET /api/trainings/:id/curve',
    getTrainingReport: 'GET /api/trainings/:id/report',
    cancelTraining: 'POST /api/trainings/:id/cancel',
    resumeTraining: 'POST /api/trainings/:id/resume',
    makeRecipe: 'POST /api/trainings/:id/recipe',
  },
  studies: {
    listStudies: 'GET /api/studies',
    createStudy: 'POST /api/studies',
    getStudy: 'GET /api/studies/:id',
    getStudyTask: 'GET /api/studies/:id/task',
    getStudyPicture: 'GET /api/studies/:id/picture',
    giveAnswer: 'POST /api/studies/:id/answers',
    closeStudy: 'POST /api/studies/:id/close',
    getStudyTable: 'GET /api/studies/:id/table',
    getStudyReport: 'GET /api/studies/:id/report',
  },
  comparisons: {
    listComparisons: 'GET /api/comparisons',
    getComparison: 'GET /api/comparisons/:name',
    getComparisonReport: 'GET /api/comparisons/:name/report',
  },
  line: {
    getLine: 'GET /api/line',
    listLineParts: 'GET /api/line/:id/parts',
    checkOutput: 'POST /api/line/:id/check',
    checkSource: 'POST /api/line/sources/:id/check',
    triggerSource: 'POST /api/line/sources/:id/trigger',
  },
  drift: {
    getDrift: 'GET /api/drift',
    resetDrift: 'POST /api/drift/:id',
    addReference: 'POST /api/references',
    removeReference: 'DELETE /api/references/:id',
  },
  station: {
    getStation: 'GET /api/station',
    listenToEvents: 'GET /api/events',
    readAudit: 'GET /api/audit',
    exportAudit: 'GET /api/audit/export',
    getHealth: 'GET /health',
    getReadiness: 'GET /ready',
    getMetrics: 'GET /metrics',
    getOpenApi: 'GET /api/openapi.json',
  },
} as const;

export type Subject = keyof typeof addressesBySubject;

export const addresses = {
  ...addressesBySubject.session,
  ...addressesBySubject.users,
  ...addressesBySubject.inspections,
  ...addressesBySubject.recipes,
  ...addressesBySubject.replays,
  ...addressesBySubject.shadows,
  ...addressesBySubject.dataSets,
  ...addressesBySubject.trainings,
  ...addressesBySubject.studies,
  ...addressesBySubject.comparisons,
  ...addressesBySubject.line,
  ...addressesBySubject.drift,
  ...addressesBySubject.station,
} as const;

export type EndpointName = keyof typeof addresses;

/** The endpoints of a subject. */
export type NamesOf<S extends Subject> = keyof (typeof addressesBySubject)[S] & EndpointName;
