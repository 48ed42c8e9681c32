import {
  definitionActivated,
  definitionExpired,
  definitionPublished,
  definitionRetired,
} from '@aura/contracts';
import type { CloudEvent, DefinitionProblem } from '@aura/contracts';
import { COORDINATOR_SOURCE, EVENTS_EXCHANGE, eventKey, INGRESS_QUEUE } from '@aura/messaging';
import type { Binding, OutboundMessage } from '@aura/messaging';
import { awaitedType, planKeys } from '@aura/workflow';
import type { Plan } from '@aura/workflow';
import { definitionStream, waitsFor } from './definition-record';
import type { DefinitionRecord, DefinitionStatus } from './definition-record';

/** What a definition needs bound besides its participants' queues: its public face, and the events that it starts by or waits for to the ingress. */
export function publicBindings(plan: Plan): readonly Binding[] {
  const shown = planKeys(plan).map((key) => ({ kind: 'publicFace', key }) as const);
  const foreign = new Set([
    ...plan.triggers.map(({ on }) => on),
    ...plan.steps.flatMap(({ builtIn }) => awaitedType(builtIn) ?? []),
  ]);
  const wanted = [...foreign].map(
    (key) => ({ kind: 'queue', queue: INGRESS_QUEUE, exchange: EVENTS_EXCHANGE, key }) as const,
  );
  return [...shown, ...wanted];
}

/** A plan on its way to participants, as published or as provided. `now`: ms since 1970. */
export function planEvent(type: string, plan: Plan, now: number): CloudEvent {
  const { digest, definition, version } = plan;
  return {
    specversion: '1.0',
    id: `${type}/${digest}/${now}`,
    source: COORDINATOR_SOURCE,
    type,
    time: new Date(now).toISOString(),
    datacontenttype: 'application/json',
    data: { digest, definition, version, plan: JSON.stringify(plan) },
  };
}

/** What the world is told of a definition that stands so; the same event however often it is told. */
export function statusMessage(record: DefinitionRecord): OutboundMessage {
  const { plan, status, since } = record;
  const { digest, definition, version } = plan;
  const type = TOLD_AS[status];
  // A definition expires as often as it is published in vain.
  const id = `${definitionStream(definition, version)}/${status}${status === 'expired' ? `/${since}` : ''}`;
  const data = { digest, definition, version };
  const event: CloudEvent = {
    specversion: '1.0',
    id,
    source: COORDINATOR_SOURCE,
    type,
    time: new Date(since).toISOString(),
    datacontenttype: 'application/json',
    data: status === 'expired' ? { ...data, waitsFor: waitsFor(record) } : data,
  };
  return { event, to: [{ kind: 'exchange', exchange: EVENTS_EXCHANGE, key: eventKey(type, definition) }] };
}

const TOLD_AS: Readonly<Record<DefinitionStatus, string>> = {
  publishing: definitionPublished.type,
  active: definitionActivated.type,
  expired: definitionExpired.type,
  retired: definitionRetired.type,
};

/** The version stands with another content. */
export function versionTaken(plan: Plan, file: string, standing: string): DefinitionProblem {
  return {
    code: 'VERSION_TAKEN',
    message: `${plan.definition} ${plan.version} is published already with another content (${standing}); raise the version`,
    path: 'version',
    file,
  };
}

/** The version was retired. */
export function versionRetired(plan: Plan, file: string): DefinitionProblem {
  return {
    code: 'VERSION_RETIRED',
    message: `${plan.definition} ${plan.version} was retired and takes no sagas again; raise the version`,
    path: 'version',
    file,
  };
}
