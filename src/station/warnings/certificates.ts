/** Certificates that the station shows to others, and until when each holds. */
import { X509Certificate } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const DAY = 24 * 3600 * 1000;
/** Days before the end of which a warning tells, each step once. */
const STEPS = [30, 7, 1] as const;

export interface Validity {
  /** Such as `https`, or the output of the line. */
  readonly id: string;
  readonly from: Date;
  readonly to: Date;
}

/** Of the first certificate of a PEM or DER file. Throws where it is none. */
export function validityOf(id: string, bytes: Buffer): Validity {
  const { validFrom, validTo } = new X509Certificate(bytes);
  return { id, from: new Date(validFrom), to: new Date(validTo) };
}

/** Those of the OPC UA servers, which make them in the data folder; what is no certificate is left out. */
export async function opcuaValidities(folder: string): Promise<Validity[]> {
  const found: Validity[] = [];
  for (const name of await readdir(join(folder, 'opcua')).catch(() => [])) {
    const certs = join(folder, 'opcua', name, 'pki', 'own', 'certs');
    for (const file of await readdir(certs).catch(() => []))
      try {
        found.push(validityOf(`opcua ${name}`, await readFile(join(certs, file))));
      } catch {
        // a request for one, or half written
      }
  }
  return found;
}

/** What is to be said at a time; null while it holds for long. */
export function certificateWarning({ from, to }: Validity, now: Date): string | null {
  if (now < from) return `the certificate is not valid before ${from.toISOString()}; look at it and at the clock`;
  const left = to.getTime() - now.getTime();
  if (left <= 0) return `the certificate ran out on ${to.toISOString()}; others refuse the station until it is renewed`;
  const step = STEPS.findLast((days) => left < days * DAY);
  if (step === undefined) return null;
  return `the certificate runs out on ${to.toISOString()}, within ${step === 1 ? 'a day' : `${step} days`}; renew it, and start the station again`;
}
