import { METRICS } from '@aura/kernel';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PrometheusMeter } from './metrics/prometheus-meter';

const PAGE = readFileSync(join(__dirname, '../../../docs/observability.md'), 'utf8');

/** Rows of a table whose first cell is code, by that. */
const rows = new Map(
  PAGE.split('\n').flatMap((line) => {
    const cells = line.split('|').map((cell) => cell.trim());
    const name = /^`([^`]+)`$/.exec(cells[1] ?? '')?.[1];
    return name === undefined ? [] : [[name, cells.slice(2, -1)] as const];
  }),
);

describe('docs/observability.md', () => {
  test('lists exactly the numbers that are registered, with kind, labels and meaning', () => {
    const listed = [...rows.keys()].filter((name) => name.startsWith('aura_'));
    expect(listed).toEqual(new PrometheusMeter().names());
    for (const [name, { kind, labels, help }] of Object.entries(METRICS)) {
      const told = labels.map((label) => `\`${label}\``).join(', ') || 'none';
      expect([name, ...(rows.get(name) ?? [])]).toEqual([name, kind, told, help]);
    }
  });

  test('lists the settings', () => {
    expect([...rows.keys()].filter((name) => name.startsWith('AURA_'))).toEqual([
      'AURA_LOG_LEVEL',
      'AURA_LOG_FORMAT',
      'AURA_TRACES',
      'AURA_TRACES_SAMPLE',
    ]);
  });
});
