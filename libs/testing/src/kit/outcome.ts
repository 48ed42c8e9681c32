import type { CloudEvent, JsonValue, SagaDetail } from '@aura/contracts';
import type { JournalRow } from '@aura/kernel';
import type { ResourceType } from '@aura/workflow';
import { auditInstallation } from './audit-installation';
import type { Outcome } from './scenario';
import type { Stage } from './stage';

/** What a stage shows of a saga. */
export function outcomeOf(stage: Stage, saga: SagaDetail): Outcome {
  const events: CloudEvent[] = [];
  for (const event of stage.events.values()) if (event.correlationid === saga.sagaId) events.push(event);
  return {
    saga,
    events,
    warnings: [...stage.warnings],
    audit: () => auditInstallation(stage.installation),
    output: (step) => saga.steps.find(({ id }) => id === step)?.output,
    resource: (type, id) => foldResource(type, rowsOf(stage, `${type.name}/${id}`)),
  };
}

/** A resource's state, folded from its journal. */
export function foldResource<S>(type: ResourceType<S>, rows: readonly JournalRow[]): S {
  return rows.reduce<S>((state, { body }) => {
    const { changes } = JSON.parse(body) as { readonly changes: Readonly<Record<string, JsonValue>> };
    return Object.values(changes).reduce<S>((folded, change) => type.evolve(folded, change), state);
  }, type.initial);
}

function rowsOf({ installation }: Stage, stream: string): readonly JournalRow[] {
  for (const { journal } of installation.namespaces.values()) {
    const rows = journal.read(stream);
    if (rows.length > 0) return rows;
  }
  return [];
}
