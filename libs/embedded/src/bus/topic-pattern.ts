/** A compiled key pattern: whether it takes a key. */
export type TopicPattern = (key: string) => boolean;

/** Compiles a pattern of a topic exchange: `*` stands for one word, `#` for any number of words, none too. */
export function topicPattern(pattern: string): TopicPattern {
  if (!/[*#]/.test(pattern)) return (key) => key === pattern;
  const words = pattern.split('.');
  if (!words.includes('*') && !words.includes('#')) return (key) => key === pattern;
  return (key) => matches(words, key.split('.'), 0, 0);
}

function matches(pattern: readonly string[], key: readonly string[], p: number, k: number): boolean {
  if (p === pattern.length) return k === key.length;
  const word = pattern[p];
  if (word === '#')
    return matches(pattern, key, p + 1, k) || (k < key.length && matches(pattern, key, p, k + 1));
  if (k === key.length) return false;
  return (word === '*' || word === key[k]) && matches(pattern, key, p + 1, k + 1);
}
