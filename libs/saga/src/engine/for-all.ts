/**
 * Does something for all at once, so that what is asked of a store together is one question to it. Answers when all have come
 * to an end. Errors: that of the first one that failed, in their order.
 */
export async function forAll<T, R>(all: Iterable<T>, work: (one: T) => Promise<R>): Promise<readonly R[]> {
  const ends = await Promise.allSettled([...all].map(work));
  return ends.map((end) => {
    if (end.status === 'rejected') throw end.reason;
    return end.value;
  });
}
