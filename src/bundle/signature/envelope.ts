/**
 * signature.json of a bundle: a statement in the form of in-toto (https://in-toto.io/Statement/v1), in a DSSE envelope
 * (github.com/secure-systems-lab/dsse, protocol 1.0.2), so that other programs can check it too. Several may sign one statement.
 */
import { type KeyObject, sign, verify } from 'node:crypto';
import { type Static, Type, Value } from '../../core/schema.ts';
import { keyId } from './keys.ts';

export const signatureFile = 'signature.json';

const PAYLOAD_TYPE = 'application/vnd.in-toto+json';
const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';
const PREDICATE_TYPE = 'urn:felfri:bundle:v1';

const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' });

const Envelope = Type.Object({
  payloadType: Type.Literal(PAYLOAD_TYPE),
  /** Base64 of the statement's bytes, which are what is signed. */
  payload: Type.String(),
  signatures: Type.Array(Type.Object({ keyid: Sha256, sig: Type.String() }), { minItems: 1, maxItems: 16 }),
});
export type Envelope = Static<typeof Envelope>;

const Statement = Type.Object({
  _type: Type.Literal(STATEMENT_TYPE),
  subject: Type.Array(Type.Object({ name: Type.String(), digest: Type.Object({ sha256: Sha256 }) }), { minItems: 1 }),
  predicateType: Type.Literal(PREDICATE_TYPE),
  predicate: Type.Object({
    detector: Type.String(),
    felfri: Type.String(),
    /** By the clock of who signed first. */
    signedAt: Type.String(),
    note: Type.Union([Type.String(), Type.Null()]),
  }),
});
type Statement = Static<typeof Statement>;
export type Predicate = Statement['predicate'];

/** What is signed of a payload: DSSE's pre-authentication encoding. */
function encoded(payload: Buffer): Buffer {
  const head = `DSSEv1 ${Buffer.byteLength(PAYLOAD_TYPE)} ${PAYLOAD_TYPE} ${payload.length} `;
  return Buffer.concat([Buffer.from(head), payload]);
}

/** Hashes of files, by their path within the bundle. */
export type Hashes = Readonly<Record<string, string>>;

/** An envelope that nobody has signed yet. */
export function statementOf(files: Hashes, predicate: Predicate): Envelope {
  const statement: Statement = {
    _type: STATEMENT_TYPE,
    subject: Object.entries(files).map(([name, sha256]) => ({ name, digest: { sha256 } })),
    predicateType: PREDICATE_TYPE,
    predicate,
  };
  const payload = Buffer.from(JSON.stringify(statement)).toString('base64');
  return { payloadType: PAYLOAD_TYPE, payload, signatures: [] };
}

/** With one more signature; one of the same key is replaced. */
export function signedBy(envelope: Envelope, key: KeyObject): Envelope {
  const keyid = keyId(key);
  const sig = sign(null, encoded(Buffer.from(envelope.payload, 'base64')), key).toString('base64');
  return { ...envelope, signatures: [...envelope.signatures.filter((one) => one.keyid !== keyid), { keyid, sig }] };
}

/** Whether this key signed it. */
export function isSignedBy({ payload, signatures }: Envelope, key: KeyObject): boolean {
  const id = keyId(key);
  const message = encoded(Buffer.from(payload, 'base64'));
  return signatures.some(({ keyid, sig }) => keyid === id && verify(null, message, key, Buffer.from(sig, 'base64')));
}

/** Undefined where the text is no envelope of a statement about a bundle. */
export function parseEnvelope(text: string): { envelope: Envelope; files: Hashes; predicate: Predicate } | undefined {
  try {
    const envelope: unknown = JSON.parse(text);
    if (!Value.Check(Envelope, envelope)) return undefined;
    const statement: unknown = JSON.parse(Buffer.from(envelope.payload, 'base64').toString('utf8'));
    if (!Value.Check(Statement, statement)) return undefined;
    const files = Object.fromEntries(statement.subject.map(({ name, digest }) => [name, digest.sha256]));
    return { envelope, files, predicate: statement.predicate };
  } catch {
    return undefined;
  }
}
