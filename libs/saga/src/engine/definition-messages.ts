import { definitionActivated } from '@aura/contracts';
import type { CloudEvent, DefinitionProblem } from '@aura/contracts';
import { COORDINATOR_SOURCE, EVENTS_EXCHANGE, eventKey, INGRESS_QUEUE } from '@aura/messaging';
import type { Binding, OutboundMessage } from '@aura/messaging';
import { planKeys } from '@aura/workflow';
import type { Plan } from '@aura/workflow';
import { definitionStream } from './definition-record';

/** What a definition needs bound besides its participants' queues: its public face, and its triggers to the ingress. */
export function publicBindings(plan: Plan): readonly Binding[] {
  const shown = planKeys(plan).map((key) => ({ kind: 'publicFace', key }) as const);
  const triggers = plan.triggers.map(
    ({ on }) => ({ kind: 'queue', queue: INGRESS_QUEUE, exchange: EVENTS_EXCHANGE, key: on }) as const,
  );
  return [...shown, ...triggers];
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

/** That a definition became active. `now`: ms since 1970. */
export function activatedMessage(plan: Plan, now: number): OutboundMessage {
  const { digest, definition, version } = plan;
  const event: CloudEvent = {
    specversion: '1.0',
    id: `${definitionStream(definition, version)}/activated`,
    source: COORDINATOR_SOURCE,
    type: definitionActivated.type,
    time: new Date(now).toISOString(),
    datacontenttype: 'application/json',
    data: { digest, definition, version },
  };
  return {
    event,
    to: [{ kind: 'exchange', exchange: EVENTS_EXCHANGE, key: eventKey(event.type, definition) }],
  };
}

/** The version stands with another content. */
export function versionTaken(plan: Plan, file: string, standing: string): DefinitionProblem {
  return {
    code: 'VERSION_TAKEN',
    message: `${plan.definition} ${plan.version} is published already with another content (${standing}); raise the version`,
    path: 'version',
    file,
  };
}
