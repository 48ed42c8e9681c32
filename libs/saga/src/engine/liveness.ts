import type { ViewStore } from '@aura/kernel';
import type { DefinitionField } from './definition-record';
import type { CoordinatorOptions, CoordinatorPorts } from './ports';
import { Rebuild } from './rebuild';
import { Reconciler } from './reconciler';
import { Standings } from './standings';
import type { StandingSources } from './standings';
import type { WaitField } from './wait-views';

/** Who keeps the liveness rule: who finds what waits, who makes views again, and who looks round for what has waited too long. */
export interface Liveness {
  readonly standings: Standings;
  readonly rebuild: Rebuild;
  readonly reconciler: Reconciler;
}

/** What liveness is kept over. */
export interface LivenessParts extends StandingSources {
  readonly definitionViews: ViewStore<DefinitionField>;
  readonly waits: ViewStore<WaitField>;
  /** Partitions of this instance. */
  readonly owned: () => readonly number[];
  readonly onSaga: (saga: string) => void;
}

/** Puts together who keeps the liveness rule. */
export function livenessOf(
  ports: CoordinatorPorts,
  options: CoordinatorOptions,
  parts: LivenessParts,
): Liveness {
  const standings = new Standings(parts);
  const { sagas, definitionViews: definitions, book, waits } = parts;
  const rebuild = new Rebuild(ports, options, { sagas, definitions, waits, book });
  const reconciler = new Reconciler(ports, options, { ...parts, standings, rebuild });
  return { standings, rebuild, reconciler };
}
