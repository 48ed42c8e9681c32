import { eventually } from '../lab/eventually';
import { House, puppetDefinition } from './house';

it('a view that says more was published than its journal has hides nothing of what the saga says from then on', async () => {
  const house = await House.open();
  try {
    const one = await house.coordinator('one', { partitions: 1 });
    await house.publish(one, puppetDefinition('pair', [{ id: 'a' }, { id: 'b', dependencies: ['a'] }]));
    const saga = await house.start(one, 'pair');
    await house.puppet.end({ saga, partition: 0, step: 'a' });
    await eventually('its row stands', async () => ((await house.rows(saga)).length > 1 ? true : undefined));
    await one.stop();
    const views = await house.views('sagas');
    const view = await views.get(saga);
    if (view === undefined) throw new Error('there is no view');
    // As of a store whose journals alone were set back.
    await views.remove([saga]);
    await views.put([{ ...view, fields: { ...view.fields, publishedSeq: 99 } }]);
    const seen = await house.tap('ai.aura.saga.completed.v1.pair');
    await house.coordinator('two', { partitions: 1 });
    await house.puppet.end({ saga, partition: 0, step: 'b' });
    await eventually('its end is told', () => (seen.length > 0 ? true : undefined));
    expect(seen.map(({ correlationid }) => correlationid)).toEqual([saga]);
  } finally {
    await house.close();
  }
});
