/** Which bundles a station takes: any, or by policy those alone that trusted keys signed. */
import { requireStillTrusted, verifyBundle } from '../../bundle/signature/verify.ts';
import type { Recipe } from '../contract/recipes.ts';
import { withoutPath } from './refusal.ts';

export class Trust {
  /** Of trusted keys; undefined: any bundle is taken. */
  readonly #keys: string | undefined;

  constructor(keys: string | undefined) {
    this.#keys = keys;
  }

  /** Who signed a bundle that came; null where that is not asked. Throws BUNDLE_UNTRUSTED and KEY_INVALID. */
  async signersOf(directory: string): Promise<Recipe['signedBy']> {
    if (this.#keys === undefined) return null;
    const { signers, signedAt } = await verifyBundle(directory, this.#keys);
    return { keys: signers.map(({ name, key }) => ({ name, key })), signedAt };
  }

  /** Whether `require` lets it pass. */
  trusts(directory: string): Promise<boolean> {
    return this.require(directory).then(
      () => true,
      () => false,
    );
  }

  /** As `require`, without the folder in what it throws. */
  async requireOwn(directory: string): Promise<void> {
    await this.require(directory).catch((error: unknown) => {
      throw withoutPath(error, directory);
    });
  }

  /** Whether a bundle on record may be used now: its key may have been revoked since, or the station had no policy when it came. Throws alike. */
  async require(directory: string): Promise<void> {
    if (this.#keys !== undefined) await requireStillTrusted(directory, this.#keys);
  }
}
