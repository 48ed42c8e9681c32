/** A value that must be there. Errors: `TypeError` naming it: an earlier stage should have refused the definition. */
export function present<T>(value: T | undefined, name: string): T {
  if (value === undefined)
    throw new TypeError(`${name} is missing; an earlier stage should have refused this`);
  return value;
}

/** The entry of a map that must have it. Errors: as {@link present}. */
export function entryOf<V>(entries: ReadonlyMap<string, V>, key: string): V {
  return present(entries.get(key), key);
}
