/** Who performs an operation on a resource: a step, or a branch of a transaction. */
export interface Performer {
  readonly saga: string;
  readonly step: string;
  /** The step, or `<step>/<branch>` whichever transaction of the step it is. */
  readonly node: string;
  /** The stream of its barrier. */
  readonly place: string;
  /** Of a branch: its name, and its transaction's id. */
  readonly branch?: string;
  readonly transaction?: string;
}

/** Who performs an operation, by its id; of a barrier's stream with a slash behind it, whose it is. */
export function performerOf(operation: string): Performer {
  const [, place = '', saga = '', run = '', step = '', n, branch] =
    /^(step\/([^/]+)\/(\d+)\/([^/]+)(?:\/(\d+)\/(b\d+))?)\//.exec(operation) ?? [];
  if (n === undefined || branch === undefined) return { saga, step, place, node: step };
  return { saga, step, place, node: `${step}/${branch}`, branch, transaction: `${saga}/${run}/${step}/${n}` };
}
