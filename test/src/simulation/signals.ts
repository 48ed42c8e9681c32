import { stepBegun } from '@aura/contracts';
import type { CloudEvent } from '@aura/contracts';
import { EVENTS_EXCHANGE } from '@aura/messaging';
import { sagaStream } from '@aura/kernel';
import { COORDINATOR } from '@aura/testing';
import type { Chance, Installation } from '@aura/testing';
import type { SagaInput, StepSpec } from './definition-spec';

/** An event that is waited for comes within this time, ms. */
const LATEST_MS = 4000;

/** Foreign services that send what sagas wait for, each a while after it has heard that one waits, now and then twice. */
export class Signals {
  constructor(
    private readonly world: { readonly installation: Installation },
    private readonly chance: Chance,
  ) {}

  /** Told of every event that is published for the first time. */
  onEvent(event: CloudEvent, step: StepSpec | undefined): void {
    if (event.type !== stepBegun.type || step?.wait === undefined || 'for' in step.wait) return;
    const { broker, timeline } = this.world.installation;
    const signal = this.#signal(event, step, step.wait);
    const to = [{ kind: 'exchange', exchange: EVENTS_EXCHANGE, key: step.wait.on }] as const;
    const send = (): void => broker.publish([{ event: signal, to }]);
    timeline.after(this.chance.below(LATEST_MS), send);
    if (this.chance.hits(200)) timeline.after(this.chance.below(LATEST_MS), send);
  }

  #signal(
    { aurarun, correlationid = '' }: CloudEvent,
    { salt }: StepSpec,
    { byKey, on }: { readonly byKey: boolean; readonly on: string },
  ): CloudEvent {
    const [start] = this.world.installation.stores(COORDINATOR).journal.read(sagaStream(correlationid));
    const [input] = Object.values(JSON.parse(start?.payload ?? '{}') as Readonly<Record<string, SagaInput>>);
    const named = byKey ? {} : { correlationid };
    const data = { v: salt, ...(byKey ? { key: input?.key ?? '' } : {}) };
    return {
      specversion: '1.0',
      id: `${on}/${correlationid}/${String(aurarun)}`,
      source: '/foreign',
      type: on,
      ...named,
      data,
    };
  }
}
