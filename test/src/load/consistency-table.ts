import type { Bar } from './consistency-bars';
import type { ConsistencyResult } from './consistency-row';

const ROWS_HEAD =
  '| course | mode | sagas/s | alone p50 ms | alone p99 ms | p50 ms | p99 ms | to fallback p99 ms | CPU ms/saga |\n' +
  '|---|---|---|---|---|---|---|---|---|';
const BARS_HEAD = '| figure | mode | bar | this run |\n|---|---|---|---|';

/** Rows and bars as tables of Markdown. */
export function consistencyTable(rows: readonly ConsistencyResult[], bars: readonly Bar[]): string {
  const lines = rows.map((row) => {
    const figures = [
      row.sagasPerSecond.toFixed(0),
      ...[row.aloneP50Ms, row.aloneP99Ms, row.p50Ms, row.p99Ms, row.toFallbackP99Ms, row.cpuMsPerSaga].map(
        (figure) => figure?.toFixed(2) ?? '',
      ),
    ];
    return `| ${[row.course, row.mode, ...figures].join(' | ')} |`;
  });
  const held = bars.map(
    ({ name, mode, figure, most }) =>
      `| ${name} | ${mode} | <= ${most} | ${figure?.toFixed(2) ?? 'not measured'} |`,
  );
  return [ROWS_HEAD, ...lines, '', BARS_HEAD, ...held].join('\n');
}
