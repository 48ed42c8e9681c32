import { sagaRerun, stepBegun } from '@aura/contracts';
import type { CloudEvent, EventData } from '@aura/contracts';
import { EVENTS_EXCHANGE } from '@aura/messaging';
import { sagaStream } from '@aura/kernel';
import { COORDINATOR } from '@aura/testing';
import type { Chance, Installation } from '@aura/testing';
import type { SagaInput, StepSpec } from './definition-spec';

/** An event that is waited for comes within this time, ms. */
const LATEST_MS = 4000;

/** What was sent for a step's wait, and by which key. */
interface Sent {
  readonly step: string;
  readonly signal: CloudEvent;
  readonly key: string;
}

/**
 * Foreign services that send what sagas wait for, each a while after it has heard that one waits, now and then twice; and again
 * what a saga that is run again may still wait for: whatever came after it had been given up has come in vain.
 */
export class Signals {
  readonly #sent = new Map<string, Sent[]>();

  constructor(
    private readonly world: { readonly installation: Installation },
    private readonly chance: Chance,
  ) {}

  /** Told of every event that is published for the first time. */
  onEvent(event: CloudEvent, step: StepSpec | undefined): void {
    if (event.type === sagaRerun.type) return this.#onRerun(event);
    if (event.type !== stepBegun.type || step?.wait === undefined || 'for' in step.wait) return;
    const saga = String(event.correlationid);
    const sent = { step: step.id, signal: this.#signal(event, step, step.wait), key: step.wait.on };
    this.#sent.set(saga, [...(this.#sent.get(saga) ?? []), sent]);
    this.#send(sent);
    if (this.chance.hits(200)) this.#send(sent);
  }

  /** A wait that keeps its run is not told of again. */
  #onRerun({ correlationid = '', data }: CloudEvent): void {
    const { again } = data as EventData<typeof sagaRerun>;
    for (const sent of this.#sent.get(correlationid) ?? []) if (!again.includes(sent.step)) this.#send(sent);
  }

  #send({ key, signal }: Sent): void {
    const { broker, timeline } = this.world.installation;
    const to = [{ kind: 'exchange', exchange: EVENTS_EXCHANGE, key }] as const;
    timeline.after(this.chance.below(LATEST_MS), () => broker.publish([{ event: signal, to }]));
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
