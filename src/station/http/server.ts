/** The station's HTTP server: its limits, its checks, its routes, and the page where one is built. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import helmet from '@fastify/helmet';
import multipart from '@fastify/multipart';
import rateLimit from '@fastify/rate-limit';
import fastifyStatic from '@fastify/static';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyServerOptions } from 'fastify';
import { FelfriError } from '../../core/errors.ts';
import { memoryFor } from '../inspecting/memory-plan.ts';
import type { Line } from '../line/line.ts';
import type { Station } from '../station.ts';
import type { Warnings } from '../warnings/warnings.ts';
import { Answers } from './answers.ts';
import { type CallerSettings, Callers } from './callers.ts';
import { type ConnectionLimits, closeAfter, connectionLimits, limitConnections, patienceOf } from './connections.ts';
import { EventStreams } from './event-stream.ts';
import { bodyOf, knownError, requirePlainBody, statusOf, untakenBody } from './failure.ts';
import { addGuard, type GuardSettings } from './guard.ts';
import { comparisonHandlers } from './handlers/comparisons.ts';
import { dataSetHandlers } from './handlers/datasets.ts';
import { driftHandlers } from './handlers/drift.ts';
import { inspectionHandlers } from './handlers/inspections.ts';
import { lineHandlers } from './handlers/line.ts';
import { recipeHandlers } from './handlers/recipes.ts';
import { replayHandlers } from './handlers/replays.ts';
import { sessionHandlers } from './handlers/session.ts';
import { shadowHandlers } from './handlers/shadows.ts';
import { stationHandlers } from './handlers/station.ts';
import { studyHandlers } from './handlers/studies.ts';
import { trainingHandlers } from './handlers/trainings.ts';
import { userHandlers } from './handlers/users.ts';
import { noteUninspected } from './inspecting.ts';
import { Intake } from './intake.ts';
import { addMetrics } from './metrics.ts';
import { mount } from './mount.ts';
import { Signers } from './signers.ts';
import type { Tls } from './tls.ts';
import { compileValidator } from './validation.ts';

export interface ServerSettings extends GuardSettings, CallerSettings {
  /** Most bytes of an image. */
  readonly imageBytes: number;
  /** Requests a minute from one address. */
  readonly requestsPerMinute: number;
  /** Left out: plain HTTP. */
  readonly tls?: Tls;
  readonly connections?: Partial<ConnectionLimits>;
  readonly logger: FastifyServerOptions['logger'];
  /** Left out: nothing is sent anywhere. */
  readonly line?: Line;
  /** Left out: nothing is said of what may hurt soon. */
  readonly warnings?: Warnings;
  /** Folder of the built page; left out: the one beside this package's compiled source, where it is there. */
  readonly page?: string;
}

const builtPage = fileURLToPath(new URL('../../../dist/web', import.meta.url));

/** Milliseconds in which a request must have come in whole. */
const REQUEST_MILLIS = 120_000;

/** Milliseconds in which answers are sent, once a station stops and no image is left. */
const LET_GO_MILLIS = 2000;

/** Of a body that is neither an image nor a bundle. */
const BODY_BYTES = 64 * 1024;

function addFailures(app: FastifyInstance, station: Station, intake: Intake): void {
  app.setErrorHandler(async (error, request, reply) => {
    const known = knownError(error);
    await noteUninspected(station, request, known);
    const status = statusOf(known);
    if (status >= 500 && known.code !== 'TOO_BUSY') request.log.error({ err: known.cause ?? known }, known.code);
    else request.log.info({ code: known.code, subject: known.subject }, 'refused');
    // as of the picture that there would have been
    reply.header('cache-control', 'no-store');
    if (statusOf(known) === 503) reply.header('retry-after', '1');
    // the rest of the body is not waited for
    if (intake.hasCut(request)) {
      reply.header('connection', 'close');
      closeAfter(request);
    }
    return reply.code(status).send(bodyOf(known));
  });
  app.setNotFoundHandler(async (request) => {
    throw new FelfriError(
      'NOT_FOUND',
      `there is no ${request.method} ${request.url.slice(0, 200)}; GET /api/openapi.json lists what is`,
    );
  });
}

async function addProtection(app: FastifyInstance, { requestsPerMinute }: ServerSettings): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'script-src': ["'self'"],
        'style-src': ["'self'"],
        'style-src-attr': ["'unsafe-inline'"],
        'img-src': ["'self'", 'blob:', 'data:'],
        'font-src': ["'self'"],
        'connect-src': ["'self'"],
        'manifest-src': ["'self'"],
        'base-uri': ["'none'"],
        'form-action': ["'self'"],
        'frame-ancestors': ["'none'"],
      },
    },
    // a browser that was told to speak TLS alone would be shut out of a station that lost its certificate
    strictTransportSecurity: false,
    // as the policy says, for browsers that do not know it
    frameguard: { action: 'deny' },
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    referrerPolicy: { policy: 'no-referrer' },
  });
  await app.register(rateLimit, {
    max: requestsPerMinute,
    timeWindow: '1 minute',
    errorResponseBuilder: (_, { max, after }) =>
      new FelfriError('RATE_EXCEEDED', `more than ${max} such requests a minute; try again in ${after}`),
  });
}

/** A connection over which nobody asks anything would keep a stopping station waiting for ever. */
function addLetGo(app: FastifyInstance, station: Station): void {
  let timer: ReturnType<typeof setInterval> | undefined;
  app.addHook('preClose', async () => {
    timer = setInterval(() => {
      if (station.queue.length === 0) app.server.closeAllConnections();
    }, LET_GO_MILLIS);
  });
  app.addHook('onClose', async () => clearInterval(timer));
}

/** The script of the worker that runs a detector in the browser: it alone may compile WebAssembly, and talk to the station. */
const WORKER = /^\/assets\/inspecting-[\w-]+\.js$/;
const WORKER_POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";

/** The documents, whose own script makes styles; they may do nothing else. */
const DOCUMENTS = /^\/docs\//;
const DOCUMENTS_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

async function addPage(app: FastifyInstance, root: string): Promise<void> {
  if (!existsSync(root)) return;
  app.addHook('onSend', async ({ url }, reply) => {
    if (WORKER.test(url)) reply.header('content-security-policy', WORKER_POLICY);
    if (DOCUMENTS.test(url)) reply.header('content-security-policy', DOCUMENTS_POLICY);
  });
  await app.register(fastifyStatic, { root, index: 'index.html', redirect: true, dotfiles: 'deny' });
}

function addReplyHooks(app: FastifyInstance, station: Station): void {
  app.addHook('onRequest', async (_, reply) => {
    reply.header('cache-control', 'no-store');
  });
  // a connection kept for the next request would keep a stopping station waiting
  app.addHook('onSend', async (_, reply) => {
    if (station.queue.stopping) reply.header('connection', 'close');
  });
}

/** How bodies are taken: JSON by Fastify, forms by a library, images by their routes, and of other types none. */
async function addBodies(app: FastifyInstance): Promise<void> {
  await app.register(multipart, { throwFileSizeLimit: false });
  // an image is read by its route, where it is let in
  app.addContentTypeParser(/^(image\/|application\/octet-stream)/, (_request, payload, done) => done(null, payload));
  app.addContentTypeParser('*', (request, _payload, done) =>
    done(untakenBody(request.headers['content-type'], request.routeOptions.config.takes ?? [])),
  );
}

function emptyServer({ tls, logger }: ServerSettings, patience: ReturnType<typeof patienceOf>): FastifyInstance {
  return Fastify({
    // the types tell a server with TLS from one without, and nothing here does
    ...((tls ? { https: { ...tls, minVersion: 'TLSv1.2', ...patience } } : { http: patience }) as object),
    logger: logger ?? false,
    bodyLimit: BODY_BYTES,
    requestTimeout: REQUEST_MILLIS,
    // while it stops, the routes themselves say what they still do
    return503OnClosing: false,
    exposeHeadRoutes: false,
    frameworkErrors: (_error, _request, reply) => {
      const known = new FelfriError('REQUEST_INVALID', 'the address cannot be read, or has a word that is too long');
      void (reply as FastifyReply).code(statusOf(known)).send(bodyOf(known));
    },
    routerOptions: { maxParamLength: 100 },
  });
}

/** Builds the server of a station; closing it ends the streams and answers what was accepted, and leaves the station open. */
export async function buildServer(station: Station, settings: ServerSettings): Promise<FastifyInstance> {
  const { tls } = settings;
  const limits = connectionLimits(settings.connections);
  const app = emptyServer(settings, patienceOf(limits));
  app.setValidatorCompiler(compileValidator as never);
  app.setSerializerCompiler(() => JSON.stringify);
  addReplyHooks(app, station);
  const { imageBytes } = settings;
  const bodies = 2 * station.queue.settings.limit;
  const intake = new Intake({ imageBytes, bodies, totalBytes: Math.max(2 * imageBytes, memoryFor.arriving) });
  addFailures(app, station, intake);
  limitConnections(app, limits);
  const answers = new Answers(memoryFor.answers);
  app.addHook('onSend', async (request, reply, payload) => {
    if (Buffer.isBuffer(payload) || typeof payload === 'string') await answers.take(request, reply, payload);
  });
  await addProtection(app, settings);
  await addBodies(app);
  const callers = new Callers(station.records, settings, tls !== undefined);
  const streams = new EventStreams(
    station.events,
    () => station.queue.length,
    async (request) => (await callers.of(request)) !== undefined,
  );
  app.addHook('preClose', async () => streams.end());
  addLetGo(app, station);
  addGuard(app, settings, callers);
  app.addHook('preParsing', async ({ headers }) => requirePlainBody(headers['content-encoding']));
  mount(app, {
    ...sessionHandlers(callers, station.records.users, tls !== undefined),
    ...userHandlers(station.records.users),
    ...inspectionHandlers(station, intake, answers, settings.line ?? null),
    ...recipeHandlers(station, new Signers(station.records, callers.tries), answers),
    ...replayHandlers(station),
    ...shadowHandlers(station),
    ...dataSetHandlers(station, intake, answers),
    ...trainingHandlers(station),
    ...studyHandlers(station),
    ...comparisonHandlers(station, answers),
    ...lineHandlers(settings.line ?? null),
    ...driftHandlers(station),
    ...stationHandlers(station, {
      streams,
      metrics: addMetrics(app, station, settings),
      imageBytes,
      answers,
    }),
  });
  await addPage(app, settings.page ?? builtPage);
  await app.ready();
  return app;
}
