import type { CloudEvent, JsonValue, SagaDetail } from '@aura/contracts';
import type { JournalRow } from '@aura/kernel';
import type { ResourceType } from '@aura/workflow';
import { auditInstallation } from './audit-installation';
import type { Installation } from '../installation/installation';
import type { Outcome } from './scenario';

/** What is seen of an installation while a saga runs in it. */
export interface Sight {
  readonly installation: Installation;
  readonly events: ReadonlyMap<string, CloudEvent>;
  readonly warnings: readonly string[];
}

/** What a sight of an installation shows of a saga. */
export function outcomeOf(sight: Sight, saga: SagaDetail): Outcome {
  const events: CloudEvent[] = [];
  for (const event of sight.events.values()) if (event.correlationid === saga.sagaId) events.push(event);
  return {
    saga,
    events,
    warnings: [...sight.warnings],
    audit: () => auditInstallation(sight.installation),
    output: (step) => saga.steps.find(({ id }) => id === step)?.output,
    resource: (type, id) => foldResource(type, rowsOf(sight, `${type.name}/${id}`)),
  };
}

/** A resource's state, folded from its journal. */
export function foldResource<S>(type: ResourceType<S>, rows: readonly JournalRow[]): S {
  return rows.reduce<S>((state, { body }) => {
    const { changes } = JSON.parse(body) as { readonly changes: Readonly<Record<string, JsonValue>> };
    return Object.values(changes).reduce<S>((folded, change) => type.evolve(folded, change), state);
  }, type.initial);
}

function rowsOf({ installation }: Sight, stream: string): readonly JournalRow[] {
  for (const { journal } of installation.namespaces.values()) {
    const rows = journal.read(stream);
    if (rows.length > 0) return rows;
  }
  return [];
}
