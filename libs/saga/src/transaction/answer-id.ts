/**
 * Id of an answer: who asks with the same words again hears what has changed since, and takes it for news. Until when votes
 * are waited for may change as well, while nothing is decided.
 */
export function answerId(
  asked: string,
  answer: `undecided/${string}` | 'unknown' | 'committed' | 'aborted',
): string {
  return `${asked}/answer/${answer}`;
}
