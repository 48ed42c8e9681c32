/** What is written under one id: it replaces what is there when its version is higher. */
export interface GuardedDocument {
  readonly _id: string;
  /** Version: the guard. */
  readonly v: number;
  readonly [field: string]: unknown;
}

/** What a newer document changes in a standing one: dotted paths and their new values. */
export type Changes = Readonly<Record<string, unknown>>;

/**
 * What makes of one document the next, one level deep. Undefined where the next one lacks something: setting cannot
 * take away.
 */
export function changesBetween(standing: GuardedDocument, next: GuardedDocument): Changes | undefined {
  const before = new Map(pathsOf(standing));
  const after = new Map(pathsOf(next));
  for (const path of before.keys()) if (!after.has(path)) return undefined;
  return Object.fromEntries([...after].filter(([path, value]) => before.get(path) !== value));
}

function pathsOf(document: GuardedDocument): readonly (readonly [string, unknown])[] {
  return Object.entries(document).flatMap(([name, value]) =>
    isNested(value)
      ? Object.entries(value).map(([member, inner]) => [`${name}.${member}`, inner] as const)
      : [[name, value] as const],
  );
}

function isNested(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}
