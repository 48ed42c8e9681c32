import { EVENTS_EXCHANGE } from '@aura/messaging';
import { eventually } from '../lab/eventually';
import { BY_TEST, House, puppetDefinition } from './house';
import type { Housed } from './house';

const PAID = 'com.shop.paid.v1';
const SUSPEND = { policy: 'suspend' };
const AS_AGREED = { actor: BY_TEST, reason: 'as agreed' } as const;

/** A person acts at an instance that does not own the saga's partition, and the owner has an older state in memory. */
describe('what comes to the owner of a saga of which a person has told another instance', () => {
  let house: House;
  let owner: Housed;
  let other: Housed;

  beforeAll(async () => {
    house = await House.open();
    // Whoever comes first has the one partition.
    owner = await house.coordinator('owner', { partitions: 1 });
    await house.publish(
      owner,
      puppetDefinition('paying', [
        { id: 'a', failure: SUSPEND },
        { id: 'paid', type: 'wait', wait: { on: PAID }, dependencies: ['a'] },
      ]),
    );
    await house.publish(
      owner,
      puppetDefinition('again', [{ id: 'b', failure: SUSPEND, retryPolicy: { maxEpochs: 1 } }]),
    );
    await house.publish(
      owner,
      puppetDefinition('strict', [{ id: 'strict', action: 'count-nights', failure: SUSPEND }]),
    );
    other = await house.coordinator('other', { partitions: 1 });
  });
  afterAll(() => house.close());

  /** A saga whose only step so far has failed, as its owner knows. */
  async function suspended(workflow: string, step: string): Promise<string> {
    const saga = await house.start(owner, workflow);
    await house.puppet.fail({ saga, step, partition: await house.partition(saga) });
    await house.until(owner, saga, 'suspended');
    return saga;
  }

  it('is no output that the action of the step could not give', async () => {
    const saga = await suspended('strict', 'strict');
    const wish = { sagaId: saga, command: 'resume', ...AS_AGREED } as const;
    for (const output of [{ nights: 'two' }, null])
      expect(await other.coordinator.mend({ ...wish, output })).toMatchObject({
        ok: false,
        error: {
          code: 'CANNOT_MEND',
          message: expect.stringContaining('does not fit action count-nights') as string,
        },
      });
    expect((await owner.coordinator.find(saga))?.status).toBe('suspended');
    expect(await other.coordinator.mend({ ...wish, output: { nights: 2 } })).toMatchObject({ ok: true });
    expect((await house.until(owner, saga, 'completed')).steps[0]?.output).toEqual({ nights: 2 });
  });

  it('is the event that a wait waits for, which the person has begun', async () => {
    const saga = await suspended('paying', 'a');
    const given = await other.coordinator.mend({ sagaId: saga, command: 'resume', output: {}, ...AS_AGREED });
    expect(given).toMatchObject({ ok: true, value: { status: 'running' } });
    const event = {
      specversion: '1.0',
      id: 'paid-1',
      source: '/shop',
      type: PAID,
      correlationid: saga,
      data: {},
    } as const;
    await house.embedded.bus.publish([
      { event, to: [{ kind: 'exchange', exchange: EVENTS_EXCHANGE, key: PAID }] },
    ]);
    expect((await house.until(owner, saga, 'completed')).status).toBe('completed');
  });

  it('is the end of a step that the person had tried again, also when it fails again', async () => {
    const saga = await suspended('again', 'b');
    const tried = await other.coordinator.mend({ sagaId: saga, command: 'retry', ...AS_AGREED });
    expect(tried).toMatchObject({ ok: true, value: { status: 'running' } });
    await house.puppet.fail({ saga, step: 'b', partition: await house.partition(saga), epoch: 2 });
    await eventually('it is suspended again', async () =>
      (await house.rows(saga)).some(({ seq, body }) => seq > 3 && body.includes('suspended'))
        ? true
        : undefined,
    );
  });
});
