import { eventually } from '../lab/eventually';
import { BY_TEST, House, puppetDefinition } from './house';
import type { Housed } from './house';
import { partitionOf } from './partition-of';
import { sagaIdOfKey } from '@aura/kernel';

describe('an event that comes before its saga', () => {
  let house: House;
  let one: Housed;
  let held: {
    all(orderBy: string): Promise<readonly { readonly fields: Readonly<Record<string, unknown>> }[]>;
  };

  beforeAll(async () => {
    house = await House.open();
    one = await house.coordinator('one', { leaseMs: 3_600_000 });
    await house.publish(one, puppetDefinition('single', [{ id: 'a' }]));
    held = await house.views('early_events');
  });

  afterAll(() => house.close());

  async function isHeld(saga: string): Promise<void> {
    await eventually('it is held and visible', async () =>
      (await held.all('heldSince')).some(({ fields }) => fields['saga'] === saga) ? true : undefined,
    );
  }

  it('is held, visible, and counts when the saga appears', async () => {
    const saga = sagaIdOfKey(BY_TEST.subject, 'early');
    await house.puppet.end({ saga, step: 'a', partition: partitionOf(saga, 2) });
    await isHeld(saga);
    await house.start(one, 'single', { idempotencyKey: 'early' });
    await house.until(one, saga, 'completed');
    await eventually('it is no longer listed', async () =>
      (await held.all('heldSince')).length === 0 ? true : undefined,
    );
  });

  it('that nobody claims becomes a dead letter when its time is over', async () => {
    await house.puppet.end({ saga: 'nobody', step: 'a', partition: 0, headers: { heldForMs: 300_000 } });
    const letters = await house.views('dead_letters');
    const letter = await eventually('it is a dead letter', async () => (await letters.all('recordedAt'))[0]);
    expect(letter.fields).toMatchObject({ saga: 'nobody', code: 'UNCLAIMED_EVENT', consumer: 'coordinator' });
    expect(await held.all('heldSince')).toEqual([]);
  });

  it('is held for its time also when a store was away before', async () => {
    one.grip.fail({
      call: 'journal.readMany',
      when: 'before',
      times: 1,
      matches: ([streams]) => JSON.stringify(streams).includes('later'),
    });
    const hits = one.grip.hits;
    await house.puppet.end({ saga: 'later', step: 'a', partition: 0 });
    await eventually('the store was away', () => (one.grip.hits > hits ? true : undefined));
    await isHeld('later');
  });

  it('leaves the list a while longer when it cannot be updated, and says so', async () => {
    const saga = sagaIdOfKey(BY_TEST.subject, 'early-2');
    await house.puppet.end({ saga, step: 'a', partition: partitionOf(saga, 2) });
    await isHeld(saga);
    one.grip.fail({ call: 'views.early_events.remove', when: 'before' });
    await house.start(one, 'single', { idempotencyKey: 'early-2' });
    await house.until(one, saga, 'completed');
    await eventually('it is said', () =>
      house.warnings.some(({ message }) => message === 'the list of early events could not be updated')
        ? true
        : undefined,
    );
  });
});
