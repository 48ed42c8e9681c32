function distance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, at) => at);
  for (const [index, character] of [...left].entries()) {
    const next = [index + 1];
    for (let at = 0; at < right.length; at += 1) {
      const change = cell(row, at) + (right[at] === character ? 0 : 1);
      next.push(Math.min(change, cell(row, at + 1) + 1, cell(next, at) + 1));
    }
    row = next;
  }
  return cell(row, right.length);
}

function cell(row: readonly number[], at: number): number {
  return Number(row[at]);
}

/** The known name that a mistyped one most likely meant (Levenshtein distance 2, or a third of a long name), if any. */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  const ranked = [...known]
    .map((candidate) => ({ candidate, far: distance(name.slice(0, 64), candidate.slice(0, 64)) }))
    .sort((left, right) => left.far - right.far);
  const best = ranked[0];
  const limit = Math.max(1, Math.min(name.length - 1, Math.max(2, Math.ceil(name.length / 3))));
  return best !== undefined && best.far <= limit ? best.candidate : undefined;
}

/** ` (did you mean "x"?)`, or, when nothing is near, the known names. */
export function suggestion(name: string, known: Iterable<string>): string {
  const names = [...known];
  const nearest = nearestName(name, names);
  if (nearest !== undefined) return ` (did you mean "${nearest}"?)`;
  return names.length === 0
    ? ''
    : ` (known: ${names.slice(0, 12).join(', ')}${names.length > 12 ? ', …' : ''})`;
}
