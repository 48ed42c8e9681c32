import { eventually } from '../lab/eventually';
import { BY_TEST, House, puppetDefinition } from './house';
import type { Housed } from './house';

describe('rows that an instance appended as a person wished, and died before it could tell', () => {
  let house: House;
  let owner: Housed;
  let other: Housed;

  beforeEach(async () => {
    house = await House.open();
    // Whoever comes first has the one partition.
    owner = await house.coordinator('owner', { partitions: 1, patrolMs: 20 });
    await house.publish(owner, puppetDefinition('pair', [{ id: 'a' }, { id: 'b', dependencies: ['a'] }]));
    other = await house.coordinator('other', { partitions: 1 });
  });
  afterEach(() => house.close());

  it('are told by the owner of the partition, who has an older state in memory', async () => {
    const seen = await house.tap('ai.aura.saga.cancelled.v1.pair');
    const saga = await house.start(owner, 'pair');
    const views = await house.views('sagas');
    await eventually('its view stands', () => views.get(saga));
    other.grip.fail({
      call: 'bus.publish',
      when: 'before',
      times: 1000,
      matches: ([messages]) => JSON.stringify(messages).includes('saga.cancelled'),
    });
    const cancelled = await other.coordinator.cancel({ sagaId: saga, actor: BY_TEST, reason: 'no more' });
    expect(cancelled).toMatchObject({ ok: true, value: { status: 'cancelled' } });
    await eventually('its view says that it was not told', async () => {
      const { seq, publishedSeq } = (await views.get(saga))?.fields ?? {};
      return seq === 2 && publishedSeq === 1 ? true : undefined;
    });
    await other.die();
    // Young rows are left to those who are about to tell them.
    house.world.pass(20_000);
    await eventually('it is told', () => seen.find(({ correlationid }) => correlationid === saga));
    await eventually('its view says so', async () =>
      (await views.get(saga))?.fields['publishedSeq'] === 2 ? true : undefined,
    );
    expect(house.warnings.map(({ message }) => message)).toContain(
      'nobody has published the last rows of 1 sagas; it is made up for',
    );
    // Once or, where the next patrol comes before the view says so, once more: the same event.
    const told = seen.filter(({ correlationid }) => correlationid === saga).map(({ id }) => id);
    expect(new Set(told)).toEqual(new Set([`saga/${saga}/2/0`]));
  });
});
