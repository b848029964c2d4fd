/** Texts as databases give them back, and what may be said of hashes that are kept. */
import { sha256 } from '../../core/files.ts';

/** Lone surrogates are no characters. */
export const storedText = (text: string): string => Buffer.from(text).toString();

/** What an entry of the audit log may hold of a hash that is kept: it lets nobody in. */
export const fingerprint = (kept: string): string => sha256(`fingerprint ${kept}`);
