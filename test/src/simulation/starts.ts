import { sagaIdOfTrigger } from '@aura/kernel';
import { EVENTS_EXCHANGE } from '@aura/messaging';
import type { Chance } from '@aura/testing';
import { INPUTS } from './definition-spec';
import type { DefinitionSpec, SagaInput } from './definition-spec';
import type { SimulatedWorld } from './world';

const ACTOR = { subject: 'simulation', roles: [] } as const;
/** A client that gets no answer asks again after this, ms. */
const AGAIN_MS = 3000;

/** Starts sagas as clients and foreign services do: again and again until somebody says yes, with the same key. */
export class Starts {
  readonly #accepted = new Map<string, string>();
  #wanted = 0;

  constructor(
    private readonly world: SimulatedWorld,
    private readonly chance: Chance,
  ) {}

  /** Whether every wish was accepted. */
  get isDone(): boolean {
    return this.#accepted.size === this.#wanted;
  }

  /** Ids of the sagas that were accepted. */
  get accepted(): readonly string[] {
    return [...this.#accepted.values()];
  }

  /** Starts sagas, `perTurn` at an instant and then the next ones after `everyMs`. */
  begin(count: number, pace: { readonly perTurn: number; readonly everyMs: number }): void {
    this.#wanted = count;
    for (let n = 0; n < count; n++) {
      const spec = this.chance.pick(this.world.specs);
      const input = { n: this.chance.below(INPUTS), key: `key-${n}` };
      const isForeign = spec.trigger !== undefined && this.chance.hits(500);
      const atMs = Math.floor(n / pace.perTurn) * pace.everyMs;
      this.world.installation.timeline.after(atMs, () =>
        isForeign ? this.#publish(n, spec, input) : this.#ask(n, spec, input),
      );
    }
  }

  #ask(n: number, spec: DefinitionSpec, input: SagaInput): void {
    const key = `start-${n}`;
    if (this.#accepted.has(key)) return;
    const { installation } = this.world;
    installation.timeline.after(AGAIN_MS, () => this.#ask(n, spec, input));
    const up = installation.coordinators.filter(({ isUp, process }) => isUp && process?.isPaused === false);
    const host = up[n % Math.max(1, up.length)];
    host?.running
      ?.start({ workflow: spec.id, input, actor: ACTOR, idempotencyKey: key })
      .then((started) => {
        if (started.ok) this.#accepted.set(key, started.value.sagaId);
      })
      // Whoever gets no answer asks again anyway.
      .catch(() => undefined);
  }

  /** A foreign service speaks to the broker itself, now and then twice. */
  #publish(n: number, spec: DefinitionSpec, data: SagaInput): void {
    const { trigger = '' } = spec;
    const event = { specversion: '1.0', id: `wish-${n}`, source: '/shop', type: trigger, data } as const;
    const to = [{ kind: 'exchange', exchange: EVENTS_EXCHANGE, key: trigger }] as const;
    this.world.installation.broker.publish([{ event, to }]);
    if (this.chance.hits(200)) this.world.installation.broker.publish([{ event, to }]);
    this.#accepted.set(`start-${n}`, sagaIdOfTrigger(spec.id, event.source, event.id));
  }
}
