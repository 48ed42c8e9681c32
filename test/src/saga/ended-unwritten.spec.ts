import { eventually } from '../lab/eventually';
import { House, puppetDefinition } from './house';
import type { Housed } from './house';

it('a saga whose first view cannot be written has it written later, though nothing else happens', async () => {
  const house = await House.open();
  try {
    const owner = await house.coordinator('owner', { partitions: 1, patrolMs: 60_000 });
    await house.publish(owner, puppetDefinition('lone', [{ id: 'a' }]));
    const seen = await house.tap('ai.aura.saga.started.v1.lone');
    owner.grip.fail({ call: 'views.sagas.put', when: 'before' });
    await expect(house.start(owner, 'lone')).rejects.toThrow();
    const [started] = await eventually('it is told', () => (seen.length > 0 ? seen : undefined));
    const views = await house.views('sagas');
    const view = await eventually('its view stands', () => views.get(started?.correlationid ?? ''));
    expect(view.fields).toMatchObject({ status: 'running', publishedSeq: 1 });
  } finally {
    await house.close();
  }
});

describe('a saga that has ended, and whose view cannot be written yet', () => {
  let house: House;
  let owner: Housed;

  beforeEach(async () => {
    house = await House.open();
    owner = await house.coordinator('owner', { partitions: 1, patrolMs: 60_000 });
    await house.publish(owner, puppetDefinition('pair', [{ id: 'a' }, { id: 'b', dependencies: ['a'] }]));
  });
  afterEach(() => house.close());

  it('says nothing again, however often it hears of its steps', async () => {
    const seen = await house.tap('ai.aura.saga.completed.v1.pair');
    const told = (): number => seen.filter(({ correlationid }) => correlationid === saga).length;
    const saga = await house.start(owner, 'pair');
    await house.puppet.end({ saga, partition: 0, step: 'a' });
    owner.grip.fail({ call: 'views.sagas.put', when: 'before', times: 1_000_000 });
    await house.puppet.end({ saga, partition: 0, step: 'b' });
    await eventually('it is told', () => (told() === 1 ? true : undefined));
    const folded = owner.grip.calls('views.sagas.get');
    await house.puppet.end({ saga, partition: 0, step: 'b' });
    await eventually('it was folded again', () =>
      owner.grip.calls('views.sagas.get') > folded ? true : undefined,
    );
    await house.puppet.end({ saga, partition: 0, step: 'a' });
    await eventually('nothing is in hand', async () =>
      (await house.embedded.bus.depth('aura.tracker.0')) === 0 ? true : undefined,
    );
    expect(told()).toBe(1);
  });
});
