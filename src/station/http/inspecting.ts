/** The one way of an image from a request to its answer: whatever does not end in a decision ends as a part that was not inspected. */
import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ErrorCode, FelfriError } from '../../core/errors.ts';
import { Value } from '../../core/schema.ts';
import { type Inspection, InspectionFields } from '../contract/inspections.ts';
import { Attempt } from '../inspecting/attempt.ts';
import type { JoinPart } from '../inspections/inspections.ts';
import { causeOf, type KnownPart } from '../inspections/not-inspected.ts';
import type { Station } from '../station.ts';
import { callerKey } from './callers.ts';
import { formParts } from './form.ts';
import type { Intake } from './intake.ts';

/** What requests are about that were let in; of others nobody knows whether they come from the line. */
const attempts = new WeakMap<FastifyRequest, Attempt>();

/** Who is not let in puts nothing on record and changes no screen. */
const strangers: ReadonlySet<ErrorCode> = new Set(['UNAUTHORISED', 'FORBIDDEN', 'ORIGIN_REFUSED']);

/** In which the fields of a form that is turned away are read, where they came with its beginning. */
const PEEK_MILLIS = 200;

/** Inspects what the request holds and gives the answer. `join`: of views. Throws what Intake.read and Inspections.receiveSent throw. */
export async function answerInspection(
  station: Station,
  request: FastifyRequest,
  reply: FastifyReply,
  intake: Intake,
  join: JoinPart,
): Promise<Inspection> {
  const attempt = new Attempt();
  attempts.set(request, attempt);
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) attempt.giveUp('the sender went away before the decision');
  });
  const read = () => intake.read<InspectionFields>(request, InspectionFields, attempt.fields);
  const { inspection, added } = await station.inspections.receiveSent(callerKey(request), read, attempt, join);
  const { id, resultId, part, lot, product, recipe, revision, decision, score, millis } = inspection;
  request.log.info({ id, resultId, part, lot, product, recipe, revision, decision, score, millis, added }, 'inspected');
  if (!added) reply.code(200);
  return inspection;
}

/** Collects the texts of a form up to its first file, as far as they are there. */
async function peek(request: FastifyRequest, fields: Map<string, unknown>): Promise<void> {
  const read = async (): Promise<void> => {
    for await (const part of formParts(request, { fileSize: 1, files: 1, fields: 8, fieldSize: 1000, parts: 9 })) {
      if (part.kind === 'file') return;
      fields.set(part.name, part.value);
    }
  };
  await Promise.race([read().catch(() => undefined), pause(PEEK_MILLIS, undefined, { ref: false })]);
}

/** A field where it is what the contract allows; an unchecked text goes on no record. */
function legal(fields: ReadonlyMap<string, unknown>, name: keyof InspectionFields): string | null {
  const value = fields.get(name);
  return Value.Check(InspectionFields.properties[name], value) ? (value as string) : null;
}

function knownPart(station: Station, attempt: Attempt): KnownPart {
  const { fields, imageHash, millis } = attempt;
  const product = legal(fields, 'product');
  return {
    resultId: legal(fields, 'resultId'),
    part: legal(fields, 'part'),
    lot: legal(fields, 'lot'),
    product,
    recipe: legal(fields, 'recipe') ?? station.products.recipeOf(product),
    imageHash,
    millis,
  };
}

/** Puts on record, counts and tells that a request to inspect gave no decision; any other request is let pass. */
export async function noteUninspected(station: Station, request: FastifyRequest, error: FelfriError): Promise<void> {
  const { method, routeOptions, raw } = request;
  if (method !== 'POST' || routeOptions.url !== '/api/inspections' || strangers.has(error.code)) return;
  const attempt = attempts.get(request) ?? new Attempt();
  for (const [name, value] of Object.entries(request.query as object))
    if (!attempt.fields.has(name)) attempt.fields.set(name, value);
  const cause = causeOf(error.code);
  const isUnread = cause === 'shed' && request.isMultipart() && !raw.readableDidRead;
  if (isUnread && station.notInspected.isSingle(cause)) await peek(request, attempt.fields);
  const isGone = raw.socket.destroyed || raw.aborted;
  await station.notInspected.note(knownPart(station, attempt), error, isGone ? 'lost' : cause);
}
