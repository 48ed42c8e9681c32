/** Words that refuse what follows. */
export const NEGATIONS: ReadonlySet<string> = new Set([
  'no',
  'not',
  'nothing',
  'nor',
  'without',
  'avoid',
  'never',
  'except',
  'hate',
  'dislike',
  'dont',
  'cannot',
  'cant',
  'wont',
  'not really',
  'dont really',
  'anything but',
  'free of',
  'free from',
  'allergic to',
  'other than',
  'rather than',
  'instead of',
]);

/** Words that refuse only the phrase behind them. */
export const GRADED_NEGATIONS: ReadonlySet<string> = new Set(['not too', 'not very', 'not so', 'less']);

/** Phrases that begin like a refusal and are none. */
export const AFFIRMATIONS: ReadonlySet<string> = new Set([
  'nothing but',
  'not only',
  'not just',
  'no matter',
  'no idea',
  'not sure',
  'not know',
  'dont know',
  'not mind',
  'dont mind',
  'not care',
  'dont care',
]);

/** Words behind which a refusal no longer holds, unless they stand directly behind its word: `not for work`. */
export const STOPS: ReadonlySet<string> = new Set([
  'but',
  'for',
  'with',
  'in',
  'to',
  'please',
  'only',
  'just',
  'rather',
  'prefer',
  'want',
  'need',
  'instead',
]);

/** Words that join colours, or materials, of one garment. */
export const JOINTS: ReadonlySet<string> = new Set(['and', 'or']);
