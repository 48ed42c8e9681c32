/** Where to look at what could not be handled, as a shell takes it; nothing where all was. */
export function deadLetterText(id: string | undefined): readonly string[] {
  return id === undefined ? [] : [`dead letter, see aura why ${quoted(id)}`];
}

/** Ids of foreign events have any character. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
