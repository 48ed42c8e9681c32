import type { ConsistencyResult, Course } from './consistency-row';

/** A figure that is held against a bar. */
export interface Bar {
  readonly name: string;
  readonly mode: ConsistencyResult['mode'];
  /** Null: its row was not measured. */
  readonly figure: number | null;
  readonly most: number;
}

/** The figures that are held against bars: ratios of rows of one run, and milliseconds. */
export function consistencyBars(results: readonly ConsistencyResult[]): readonly Bar[] {
  const modes = [...new Set(results.map(({ mode }) => mode))];
  return modes.flatMap((mode) => {
    const of = (course: Course): ConsistencyResult | undefined =>
      results.find((result) => result.course === course && result.mode === mode);
    const [transaction, sequence] = [of('transaction'), of('sequence')];
    const bar = (name: string, figure: number | null | undefined, most: number): Bar => ({
      name,
      mode,
      figure: figure === undefined || figure === null ? null : Number(figure.toFixed(2)),
      most,
    });
    return [
      bar(
        'transaction, p50 alone, of the sequence',
        ratio(transaction?.aloneP50Ms, sequence?.aloneP50Ms),
        1.5,
      ),
      bar('transaction, p50 in flight, of the sequence', ratio(transaction?.p50Ms, sequence?.p50Ms), 1.5),
      bar('transaction, p99 in flight, ms', transaction?.p99Ms, 100),
      bar('failure to fallback, p99 in flight, ms', of('fallback')?.toFallbackP99Ms, 200),
    ];
  });
}

function ratio(of: number | undefined, to: number | undefined): number | null {
  return of === undefined || to === undefined ? null : of / to;
}
