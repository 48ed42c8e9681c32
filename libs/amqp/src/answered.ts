import { UnansweredError } from './unanswered-error';

/** What the broker was asked for, and how long its answer may take. */
export interface Asked {
  /** Behind "asked to", e.g. `count queue x`. */
  readonly what: string;
  readonly limitMs: number;
  /** No answer came in time: throws away what waits for it. */
  readonly late: () => void;
}

/** The broker's answer. Error: {@link UnansweredError} behind the limit; whatever comes then is of no interest to anybody. */
export async function answered<T>(answer: Promise<T>, { what, limitMs, late }: Asked): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      late();
      reject(new UnansweredError(what, limitMs));
    }, limitMs);
  });
  return Promise.race([answer, limit]).finally(() => clearTimeout(timer));
}
