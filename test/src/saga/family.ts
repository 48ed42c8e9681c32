import { stepUndone } from '@aura/contracts';
import type { JsonValue, SagaDetail } from '@aura/contracts';
import { sagaIdOfChild } from '@aura/kernel';
import type { CoordinatorOptions } from '@aura/saga';
import { eventually } from '../lab/eventually';
import { House, puppetDefinition } from './house';
import type { Housed } from './house';

/** Time passes faster than leases are renewed, which must not look like a gap. */
const LONG_LEASE = { leaseMs: 3_600_000 };

/** A trip whose step `stay` is a sub-saga, with step `b` behind it; `more` says more of the step. */
export function tripDefinition(
  id: string,
  more: Readonly<Record<string, JsonValue>> = {},
  saga: Readonly<Record<string, JsonValue>> = {},
): JsonValue {
  return puppetDefinition(id, [
    {
      id: 'stay',
      type: 'saga',
      saga: { workflow: 'stay', input: { nights: 'input.nights' }, ...saga },
      ...more,
    },
    { id: 'b', dependencies: ['stay'] },
  ]);
}

/** A house with a definition `stay` (`a`, and behind it `book`, which is undone), for trips that run it as a step. */
export class Family {
  private constructor(
    readonly house: House,
    public one: Housed,
  ) {}

  /** Opens the house and publishes `stay` and the trips. */
  static async open(
    trips: readonly JsonValue[],
    settings: Partial<CoordinatorOptions> = LONG_LEASE,
  ): Promise<Family> {
    const house = await House.open();
    const one = await house.coordinator('one', settings);
    await house.publish(one, puppetDefinition('stay', [{ id: 'a' }, { id: 'book', dependencies: ['a'] }]));
    for (const trip of trips) await house.publish(one, trip);
    return new Family(house, one);
  }

  start(trip: string): Promise<string> {
    return this.house.start(this.one, trip, { input: { nights: 2 }, userId: 'kim' });
  }

  /** Ends steps of a saga, in its partition. */
  async end(saga: string, ...steps: readonly string[]): Promise<void> {
    const partition = await this.house.partition(saga);
    await this.house.puppet.end(...steps.map((step) => ({ saga, step, partition })));
  }

  async fail(saga: string, step: string): Promise<void> {
    await this.house.puppet.fail({ saga, step, partition: await this.house.partition(saga) });
  }

  /** Answers the undo of a saga's step once it is asked for. */
  async undo(
    saga: string,
    step: string,
    more: { readonly type?: string; readonly data?: JsonValue } = {},
  ): Promise<void> {
    const partition = await this.house.partition(saga);
    const asked = await eventually(`the undo of ${step} of ${saga} is asked for`, async () => {
      const plan = await this.one.coordinator.compensation(saga);
      return plan?.steps.find((item) => item.step === step && item.status === 'asked');
    });
    const { epoch } = asked;
    const answer = { type: stepUndone.type, data: { undo: `undo-${step}` }, ...more };
    await this.house.puppet.end({ saga, step, partition, epoch, ...answer });
  }

  /** The n-th sub-saga of a trip's step, once it is there. */
  async child(trip: string, n = 1, run = 1): Promise<string> {
    const child = sagaIdOfChild({ saga: trip, run, step: 'stay' }, n);
    await eventually(`sub-saga ${n} of ${trip} is there`, () => this.one.coordinator.find(child));
    return child;
  }

  until(saga: string, status: SagaDetail['status']): Promise<SagaDetail> {
    return this.house.until(this.one, saga, status);
  }
}
