/**
 * Closes one thing after the other, also behind one that fails: what is left open would keep the process alive.
 * Errors: the one that came; an `AggregateError` of all when there were several.
 */
export async function closeInOrder(closing: readonly (() => Promise<void>)[]): Promise<void> {
  const errors: unknown[] = [];
  for (const close of closing)
    try {
      await close();
    } catch (error) {
      errors.push(error);
    }
  if (errors.length > 1) throw new AggregateError(errors, errors.map(String).join('\n'));
  if (errors.length === 1) throw errors[0];
}
