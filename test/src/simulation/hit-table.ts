import { canStrike, EFFECT_FAULTS, FAULT_NAMES, PHASES, WAYS } from '@aura/testing';
import type { EffectFault, FaultName } from '@aura/testing';
import type { Hit } from './hit';
import { FAMILY_OPERATIONS } from './family-operators';
import { FAMILY_PHASES } from './family-scenes';
import { OPERATIONS } from './operators';
import { TRANSACTION_OPERATIONS } from './transaction-operators';

const WEATHER: readonly FaultName[] = ['clock', 'owners', 'flush', 'outage', 'blocked'];
const STRAYING: readonly FaultName[] = ['duplicate', 'reorder'];

/** Counts hits by phase and fault, and knows which cells must not stay empty. */
export class HitTable {
  readonly #counts = new Map<string, Map<FaultName, number>>();

  constructor(private readonly faults: ReadonlySet<FaultName>) {}

  add(hits: readonly Hit[]): void {
    for (const { name, phase } of hits) {
      const row = this.#counts.get(phase) ?? new Map<FaultName, number>();
      this.#counts.set(phase, row.set(name, (row.get(name) ?? 0) + 1));
    }
  }

  /** Cells that a long run must hit and this one did not. */
  empty(): readonly string[] {
    return this.#expected()
      .filter(([phase, name]) => (this.#counts.get(phase)?.get(name) ?? 0) === 0)
      .map(([phase, name]) => `${name} at ${phase}`);
  }

  /** The table as text: a row for each phase. */
  lines(): readonly string[] {
    const names = (Object.keys(FAULT_NAMES) as FaultName[]).filter((name) => this.faults.has(name));
    const width = Math.max(12, ...[...this.#counts.keys()].map((phase) => phase.length));
    const head = `${''.padEnd(width)} ${names.map((name) => name.padStart(9)).join(' ')}`;
    const rows = [...this.#counts].sort(([left], [right]) => (left < right ? -1 : 1));
    return [
      head,
      ...rows.map(([phase, row]) => {
        const cells = names.map((name) => String(row.get(name) ?? '·').padStart(9));
        return `${phase.padEnd(width)} ${cells.join(' ')}`;
      }),
    ];
  }

  #expected(): readonly (readonly [phase: string, name: FaultName])[] {
    const ofFamilies = FAMILY_PHASES.map((phase) => [phase, 'journal.append'] as const);
    const at = [...Object.entries(PHASES), ...ofFamilies].flatMap(([phase, effect]) =>
      (Object.keys(EFFECT_FAULTS) as EffectFault[])
        .filter((name) => canStrike(name, effect))
        .map((name) => [phase, name] as const),
    );
    const ways = WAYS.flatMap((phase) => STRAYING.map((name) => [phase, name] as const));
    const lost = [['queue: tracker', 'lost']] as const;
    const weather = WEATHER.map((name) => ['weather', name] as const);
    const operations = [...OPERATIONS, ...FAMILY_OPERATIONS, ...TRANSACTION_OPERATIONS];
    const people = operations.map((phase) => [phase, 'operators'] as const);
    return [...at, ...ways, ...lost, ...weather, ...people].filter(([, name]) => this.faults.has(name));
  }
}
