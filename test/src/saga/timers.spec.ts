import { consumerPaused, consumerResumed, participantLeft } from '@aura/contracts';
import { eventually } from '../lab/eventually';
import { House, puppetDefinition } from './house';
import type { Housed } from './house';
import { puppetAction } from './puppet';
import { Puppet } from './puppet';

const PATIENT = { timeout: '5s', retryPolicy: { maxEpochs: 2 } };
// Time passes faster than leases are renewed, which must not look like a gap here.
const LONG_LEASE = { leaseMs: 7_200_000 };
const HOUR_MS = 3_600_000;

describe('timers', () => {
  let house: House;
  let one: Housed;
  let other: Puppet;

  beforeEach(async () => {
    house = await House.open();
    one = await house.coordinator('one', LONG_LEASE);
    other = new Puppet(house.embedded.bus, 'other', [puppetAction('far')]);
    await other.start();
    await house.publish(one, puppetDefinition('slow', [{ id: 'a', ...PATIENT }]));
    await house.publish(one, puppetDefinition('far_away', [{ id: 'far', ...PATIENT }]));
    await house.publish(
      one,
      puppetDefinition('joined', [{ id: 'a' }, { id: 'b' }, { id: 'c', dependencies: ['a', 'b'] }]),
    );
  });

  afterEach(async () => {
    await other.stop();
    await house.close();
  });

  function triggers(puppet: Puppet, saga: string) {
    return puppet.received.filter(({ event }) => event.ok && event.value.correlationid === saga);
  }

  /** Two looks for timers have begun since now, so that one is over. */
  async function looked(): Promise<void> {
    const before = one.grip.calls('bus.health');
    await eventually('it has looked', () => (one.grip.calls('bus.health') > before + 2 ? true : undefined));
  }

  async function pause(puppet: Puppet, instance: string): Promise<void> {
    const until = new Date(house.world.clock.now() + 60_000).toISOString();
    const error = { kind: 'technical', code: 'AWAY', message: 'away' };
    await puppet.tell(consumerPaused.type, { queue: 'q', until, error }, instance);
    await eventually('the pause is known', async () =>
      (await house.embedded.fast('coordinator').registry.list('paused/')).has(
        `paused/${puppet.name}/${instance}`,
      )
        ? true
        : undefined,
    );
    await looked();
  }

  async function isKnownAsGone(puppet: Puppet, instance: string): Promise<void> {
    await eventually('the pause is over', async () =>
      (await house.embedded.fast('coordinator').registry.list('paused/')).has(
        `paused/${puppet.name}/${instance}`,
      )
        ? undefined
        : true,
    );
    await looked();
  }

  async function expectTimeLeft(saga: string): Promise<void> {
    const { until = '' } = (await one.coordinator.find(saga)) ?? {};
    expect(Date.parse(until)).toBeGreaterThan(house.world.clock.now());
  }

  async function farIsAskedAgain(saga: string): Promise<void> {
    await eventually('it is asked again', () =>
      triggers(other, saga).some(({ headers }) => headers.epoch === 2) ? true : undefined,
    );
  }

  it('ask again by epoch, to the participant alone, and fail the step in the end', async () => {
    const saga = await house.start(one, 'slow');
    house.world.pass(5000);
    const again = await eventually('it is asked again', () =>
      triggers(house.puppet, saga).find(({ headers }) => headers.epoch === 2),
    );
    expect(again.headers).toMatchObject({ targets: ['a'], epoch: 2 });
    house.world.pass(5000);
    expect(await house.until(one, saga, 'failed')).toMatchObject({
      error: { code: 'STEP_TIMEOUT' },
      steps: [{ epoch: 2 }],
    });
  });

  it('of a paused participant stand still, whoever of its instances paused, and go on where they stood', async () => {
    const far = await house.start(one, 'far_away');
    const near = await house.start(one, 'slow');
    await pause(other, 'other@1');
    await pause(other, 'other@2');
    house.world.pass(20_000);
    await eventually('the other one is asked again', async () =>
      (await one.coordinator.find(near))?.steps[0]?.epoch === 2 ? true : undefined,
    );
    await other.tell(consumerResumed.type, { queue: 'q' }, 'other@1');
    await isKnownAsGone(other, 'other@1');
    house.world.pass(20_000);
    await house.until(one, near, 'failed');
    expect((await one.coordinator.find(far))?.steps[0]?.epoch).toBe(1);
    await other.tell(participantLeft.type, {}, 'other@2');
    await isKnownAsGone(other, 'other@2');
    await expectTimeLeft(far);
    house.world.pass(5000);
    await farIsAskedAgain(far);
  });

  it('stand still while the bus takes nothing', async () => {
    const saga = await house.start(one, 'slow');
    const before = Date.parse((await one.coordinator.find(saga))?.until ?? '');
    one.grip.answer('bus.health', { status: 'blocked', reason: 'memory', withoutConsumer: [] });
    await looked();
    house.world.pass(60_000);
    await eventually('the time is known as lost', async () =>
      Date.parse((await one.coordinator.find(saga))?.until ?? '') > before + 55_000 ? true : undefined,
    );
    one.grip.heal();
    await looked();
    expect((await one.coordinator.find(saga))?.steps[0]?.epoch).toBe(1);
    house.world.pass(6000);
    await eventually('it is asked again', async () =>
      (await one.coordinator.find(saga))?.steps[0]?.epoch === 2 ? true : undefined,
    );
  });

  it('stand still also for a pause, and a bus that takes nothing, that begin while the clock is ahead', async () => {
    const far = await house.start(one, 'far_away');
    house.world.jump(HOUR_MS);
    await looked();
    await pause(other, 'other@1');
    one.grip.answer('bus.health', { status: 'blocked', reason: 'memory', withoutConsumer: [] });
    await looked();
    house.world.jump(-HOUR_MS);
    await looked();
    house.world.pass(20_000);
    await looked();
    one.grip.heal();
    await looked();
    house.world.pass(20_000);
    await looked();
    await other.tell(participantLeft.type, {}, 'other@1');
    await isKnownAsGone(other, 'other@1');
    await expectTimeLeft(far);
    house.world.pass(6000);
    await farIsAskedAgain(far);
  });

  it('that stand still do not hide those behind them', async () => {
    const stuck = await Promise.all(Array.from({ length: 600 }, () => house.start(one, 'far_away')));
    await pause(other, 'other@1');
    house.world.pass(1000);
    const saga = await house.start(one, 'slow');
    house.world.pass(5000);
    await eventually('the last one is asked again', async () =>
      (await one.coordinator.find(saga))?.steps[0]?.epoch === 2 ? true : undefined,
    );
    expect((await one.coordinator.find(stuck[0] ?? ''))?.steps[0]?.epoch).toBe(1);
  });

  it('bring the triggers of a lost join again, from the journal and marked', async () => {
    const saga = await house.start(one, 'joined');
    const partition = await house.partition(saga);
    await house.puppet.end({ saga, step: 'a', partition }, { saga, step: 'b', partition });
    await eventually('both ends stand', async () =>
      (await one.coordinator.find(saga))?.sequence === 3 ? true : undefined,
    );
    house.world.pass(2000);
    const again = await eventually('both triggers come again', () => {
      const marked = triggers(house.puppet, saga).filter(
        ({ event }) => event.ok && event.value.aurareplay === 'reemit',
      );
      return marked.length === 2 ? marked : undefined;
    });
    expect(again.map(({ headers }) => headers)).toEqual(Array(2).fill({ targets: ['c'], epoch: 1 }));
    await house.puppet.end({ saga, step: 'c', partition });
    await house.until(one, saga, 'completed');
  });

  it('are published again when they could not be', async () => {
    const saga = await house.start(one, 'slow');
    const isTimer = ([messages]: readonly unknown[]): boolean =>
      JSON.stringify(messages).includes('timer-due');
    one.grip.fail({ call: 'bus.publish', when: 'before', matches: isTimer });
    house.world.pass(5000);
    await eventually('it is asked again', async () =>
      (await one.coordinator.find(saga))?.steps[0]?.epoch === 2 ? true : undefined,
    );
    expect(house.warnings.map(({ message }) => message)).toContain(
      'due timers could not be published; trying again',
    );
  });

  it('end a saga that takes too long', async () => {
    await house.publish(one, puppetDefinition('brief', [{ id: 'a', timeout: '20s' }], { timeout: '20s' }));
    const saga = await house.start(one, 'brief');
    house.world.pass(25_000);
    expect(await house.until(one, saga, 'failed')).toMatchObject({ error: { code: 'SAGA_TIMEOUT' } });
  });
});
