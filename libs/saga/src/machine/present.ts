/** The members of an object that are there. */
export type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** An object without the members that are undefined: for shapes whose optional members are absent or defined. */
export function present<T extends object>(members: T): Present<T> {
  const kept: Partial<T> = {};
  for (const name in members) if (members[name] !== undefined) kept[name] = members[name];
  return kept as Present<T>;
}

/** An object without some of its members. */
export function without<T extends object, K extends keyof T>(value: T, ...members: readonly K[]): Omit<T, K> {
  const rest: Partial<T> = { ...value };
  for (const member of members) delete rest[member];
  return rest as Omit<T, K>;
}
