/** The members of an object that are there. */
export type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** An object without the members that are undefined: for shapes whose optional members are absent or defined. */
export function present<T extends object>(members: T): Present<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Present<T>;
}
