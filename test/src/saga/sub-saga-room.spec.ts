import { eventually } from '../lab/eventually';
import { Family, tripDefinition } from './family';
import { puppetDefinition } from './house';

describe('a sub-saga', () => {
  let family: Family;

  beforeAll(async () => {
    family = await Family.open([tripDefinition('trip')]);
  });
  afterAll(() => family.house.close());

  it('counts for admission in place of its parent, as long as it works', async () => {
    const { house, one } = family;
    const views = await house.views('sagas');
    const counted = async (saga: string): Promise<unknown> => (await views.get(saga))?.fields['inFlight'];
    const trip = await family.start('trip');
    const child = await family.child(trip);
    await eventually('the sub-saga counts, and its parent does not', async () =>
      (await counted(trip)) === 0 && (await counted(child)) === 1 ? true : undefined,
    );
    await family.end(child, 'a', 'book');
    await eventually('the parent counts, and its sub-saga no more', async () =>
      (await counted(trip)) === 1 && (await counted(child)) === 0 ? true : undefined,
    );
    await house.publish(one, puppetDefinition('nap', [{ id: 'pause', type: 'wait', wait: { for: '1h' } }]));
    await house.publish(one, tripDefinition('sleeper', {}, { workflow: 'nap', input: {} }));
    const sleeper = await family.start('sleeper');
    const nap = await family.child(sleeper);
    await eventually('neither of a family that only waits counts', async () =>
      (await counted(sleeper)) === 0 && (await counted(nap)) === 0 ? true : undefined,
    );
  });
});
