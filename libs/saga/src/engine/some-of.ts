/** Ids that one line of the log names. */
const NAMED = 5;

/** Of a number of ids the first few, for a line of the log. */
export function someOf(ids: readonly string[]): string {
  const more = ids.length > NAMED ? ` and ${ids.length - NAMED} more` : '';
  return `${ids.slice(0, NAMED).join(', ')}${more}`;
}
