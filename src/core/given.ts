/** Fields that may be left out, but must not be undefined. */

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The fields that were given: those that are undefined are left out, as `exactOptionalPropertyTypes` asks. To be spread. */
export function given<T extends object>(fields: T): Given<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Given<T>;
}
