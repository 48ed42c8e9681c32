/** Every route of the server: its pattern (`/a/:b`) and the methods that it knows. */
export type RouteTable = ReadonlyMap<string, ReadonlySet<string>>;

/** Methods that some route knows for a path, sorted; empty when no pattern fits. */
export function allowedMethods(routes: RouteTable, path: string): readonly string[] {
  const segments = path.split('/');
  const found = new Set<string>();
  for (const [pattern, methods] of routes) {
    if (fits(pattern.split('/'), segments)) methods.forEach((method) => found.add(method));
  }
  return [...found].sort();
}

function fits(pattern: readonly string[], path: readonly string[]): boolean {
  if (pattern.length !== path.length) return false;
  return pattern.every((part, index) => (part.startsWith(':') ? path[index] !== '' : part === path[index]));
}
