/** Closes one thing after the other, also behind one that fails. Errors: all that went wrong, together. */
export async function closeAll(closing: readonly (() => Promise<unknown> | undefined)[]): Promise<void> {
  const errors: unknown[] = [];
  for (const close of closing)
    try {
      await close();
    } catch (error) {
      errors.push(error);
    }
  if (errors.length > 0) throw new AggregateError(errors, errors.map(String).join('\n'));
}
