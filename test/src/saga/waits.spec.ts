import { eventually } from '../lab/eventually';
import { House, puppetDefinition } from './house';
import type { Housed } from './house';

// Time passes faster than leases are renewed, which must not look like a gap here.
const LONG_LEASE = { leaseMs: 3_600_000 };

describe('a wait for a time', () => {
  let house: House;
  let one: Housed;

  beforeEach(async () => {
    house = await House.open();
    one = await house.coordinator('one', LONG_LEASE);
  });

  afterEach(() => house.close());

  async function partition(saga: string): Promise<number> {
    return house.partition(saga);
  }

  it('ends when its span is over, and the steps behind it hear of that as of any other end', async () => {
    await house.publish(
      one,
      puppetDefinition('pausing', [
        { id: 'a' },
        { id: 'pause', type: 'wait', wait: { for: '10m' }, dependencies: ['a'] },
        { id: 'b', dependencies: ['pause'], input: { since: 'steps.pause.output.until' } },
      ]),
    );
    const saga = await house.start(one, 'pausing');
    await house.puppet.end({ saga, step: 'a', partition: await partition(saga) });
    await eventually('it waits', async () =>
      (await one.coordinator.why(saga))?.includes('waits for the time of step pause') ? true : undefined,
    );
    house.world.pass(600_000);
    await eventually('b is triggered', () =>
      house.puppet.received.find(
        ({ event }) => event.ok && event.value.correlationid === saga && event.value.aurastep === 'pause',
      ),
    );
    await house.puppet.end({ saga, step: 'b', partition: await partition(saga) });
    const { steps } = await house.until(one, saga, 'completed');
    expect(steps).toMatchObject([{ id: 'a' }, { id: 'pause', status: 'completed' }, { id: 'b' }]);
  });

  it('goes on when its coordinator dies in the middle of it, and another one is there', async () => {
    await house.publish(
      one,
      puppetDefinition('dated', [{ id: 'noon', type: 'wait', wait: { until: 'input.at' } }]),
    );
    const at = new Date(house.world.clock.now() + 3_600_000).toISOString();
    const saga = await house.start(one, 'dated', { input: { at } });
    await one.die();
    house.world.pass(3_600_001);
    const two = await house.coordinator('two', LONG_LEASE);
    expect((await house.until(two, saga, 'completed')).output).toEqual({ noon: { until: at } });
  });

  it('that cannot be read fails by its policy', async () => {
    await house.publish(
      one,
      puppetDefinition('hasty', [
        {
          id: 'noon',
          type: 'wait',
          wait: { until: 'input.at' },
          failure: { policy: 'fallback', output: { until: '2030-01-31T12:00:00Z' } },
        },
      ]),
    );
    const saga = await house.start(one, 'hasty', { input: { at: 'soon' } });
    expect(await house.until(one, saga, 'completed')).toMatchObject({
      output: { noon: { until: '2030-01-31T12:00:00Z' } },
      steps: [{ status: 'completed', error: { code: 'INVALID_WAIT' } }],
    });
  });
});
