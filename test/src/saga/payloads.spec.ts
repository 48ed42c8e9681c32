import type { CloudEvent, JsonValue } from '@aura/contracts';
import { stepEventId } from '@aura/kernel';
import { participantSource, trackerQueue } from '@aura/messaging';
import { eventually } from '../lab/eventually';
import { NOWHERE, referenceTo } from '../payload/elsewhere';
import { Grip } from './grip';
import { House, puppetDefinition } from './house';
import type { Housed } from './house';

describe('a coordinator, of steps that end by reference,', () => {
  let house: House;
  let one: Housed;
  let grip: Grip;
  beforeEach(async () => {
    house = await House.open();
    grip = new Grip();
    one = await house.coordinator('one', {}, grip);
    await house.publish(
      one,
      puppetDefinition('two_steps', [{ id: 'a' }, { id: 'b', dependencies: ['a'] }], {
        output: { a: 'steps.a.output' },
      }),
    );
  });
  afterEach(() => house.close());

  const byReference = (data: JsonValue): Promise<string> => referenceTo(data, house.embedded.claims);

  /** The end of step `a`, its data elsewhere. */
  async function endElsewhere(saga: string, dataref: string, times = 1): Promise<void> {
    const partition = await house.partition(saga);
    const event: CloudEvent = {
      specversion: '1.0',
      id: stepEventId({ saga, run: 1, step: 'a' }, 1, 'puppet.a.done.v1'),
      source: participantSource('puppet'),
      type: 'puppet.a.done.v1',
      correlationid: saga,
      aurastep: 'a',
      aurarun: 1,
      aurapartition: partition,
      dataref,
    };
    const message = { event, to: [{ kind: 'queue', queue: trackerQueue(partition), batch: true }] } as const;
    await house.embedded.bus.publish(Array.from({ length: times }, () => message));
  }

  it('keeps the data in its journal', async () => {
    const saga = await house.start(one, 'two_steps');
    await endElsewhere(saga, await byReference({ output: { from: 'elsewhere' } }));
    await house.puppet.end({ saga, step: 'b', partition: await house.partition(saga) });
    expect((await house.until(one, saga, 'completed')).output).toEqual({ a: { from: 'elsewhere' } });
  });

  it('does not read what stands already', async () => {
    const saga = await house.start(one, 'two_steps');
    await endElsewhere(saga, await byReference({ output: { from: 'elsewhere' } }));
    await eventually('the end stands', async () =>
      (await house.rows(saga)).length === 2 ? true : undefined,
    );
    const reads = grip.calls('claims.get');
    await endElsewhere(saga, NOWHERE, 3);
    await house.puppet.end({ saga, step: 'b', partition: await house.partition(saga) });
    await house.until(one, saga, 'completed');
    await eventually('all are taken', async () =>
      (await house.embedded.bus.depth(trackerQueue(await house.partition(saga)))) === 0 ? true : undefined,
    );
    expect(grip.calls('claims.get')).toBe(reads);
    expect(house.warnings).toEqual([]);
  });

  it('waits for a claim check that is away, and lets other sagas pass', async () => {
    const [held, free] = [await house.start(one, 'two_steps'), await house.start(one, 'two_steps')];
    grip.fail({ call: 'claims.get', when: 'before', times: 1 });
    await endElsewhere(held, await byReference({ output: { from: 'elsewhere' } }));
    await eventually('it is tried', () => (grip.hits === 1 ? true : undefined));
    for (const step of ['a', 'b'])
      await house.puppet.end({ saga: free, step, partition: await house.partition(free) });
    await house.until(one, free, 'completed');
    await house.puppet.end({ saga: held, step: 'b', partition: await house.partition(held) });
    expect((await house.until(one, held, 'completed')).output).toEqual({ a: { from: 'elsewhere' } });
  });

  it('makes a dead letter of one whose payload is missing, and goes on when it is told again', async () => {
    const saga = await house.start(one, 'two_steps');
    await endElsewhere(saga, NOWHERE);
    const letters = await house.views('dead_letters');
    const letter = await eventually('it is buried', async () => (await letters.all('recordedAt'))[0]);
    expect(letter.fields).toMatchObject({ saga, consumer: 'coordinator', code: 'CLAIM_MISSING' });
    const partition = await house.partition(saga);
    await house.puppet.end({ saga, step: 'a', partition }, { saga, step: 'b', partition });
    await house.until(one, saga, 'completed');
  }, 40_000);

  it('starts of events that come by reference, and buries large dead letters', async () => {
    const started = puppetDefinition('started', [{ id: 'a' }], {
      triggers: [{ on: 'shop.order.placed.v1', input: { word: 'event.data.word' } }],
      output: { word: 'input.word' },
    });
    await house.publish(one, started);
    const seen = await house.tap('ai.aura.saga.started.v1.started');
    const dataref = await byReference({ word: 'hi' });
    const to = [{ kind: 'exchange', exchange: 'aura.events', key: 'shop.order.placed.v1' }] as const;
    const order = { specversion: '1.0', source: '/shop', type: 'shop.order.placed.v1' } as const;
    await house.embedded.bus.publish([{ event: { ...order, id: '1', dataref }, to }]);
    const saga = await eventually('a saga starts', () => seen[0]?.correlationid);
    await house.puppet.end({ saga, step: 'a', partition: await house.partition(saga) });
    expect((await house.until(one, saga, 'completed')).output).toEqual({ word: 'hi' });
    const foreign = { ...order, id: '2', data: { word: 'x'.repeat(1_100_000) } };
    await house.embedded.bus.publish([{ event: foreign, to }]);
    const letters = await house.views('dead_letters');
    const letter = await eventually('it is buried', async () => (await letters.all('recordedAt'))[0]);
    expect(letter.fields).toMatchObject({ code: 'INVALID_INPUT' });
    expect(letter.body.length).toBeGreaterThan(1_000_000);
  });
});
