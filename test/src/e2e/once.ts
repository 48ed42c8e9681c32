/** Does something the first time it is asked to; whoever asks again waits for the same. */
export function once(act: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => (done ??= act());
}
