import { participantSource, trackerQueue } from '@aura/messaging';
import { someEvent } from '@aura/messaging/testing';
import { BEGINNING, COORDINATOR, Installation } from '@aura/testing';

const SAGA = '0191d3a4-0000-7000-8000-000000000001';
/** An event whose saga nobody starts, as a participant sends it to the tracker. */
const STRAY = someEvent('stray-event', {
  source: participantSource('nobody'),
  correlationid: SAGA,
  aurastep: 'a',
});

describe('copies of an event that comes before its saga', () => {
  let installation: Installation;

  beforeEach(async () => {
    installation = new Installation('copies');
    installation.addCoordinator('one', { partitions: 1 });
    await installation.until(() => installation.hosts.every(({ isUp }) => isUp), 60_000);
    await installation.timeline.advance(5000);
  });

  const send = (): void =>
    installation.broker.publish([
      { event: STRAY, to: [{ kind: 'queue', queue: trackerQueue(0), batch: true }] },
    ]);
  const views = (name: string) => installation.stores(COORDINATOR).views.table(name).all();
  const queue = () => installation.broker.queue(trackerQueue(0));

  it('are held once: a second one is not held anew behind the end of the first', async () => {
    send();
    await installation.timeline.advance(1000);
    send();
    await installation.timeline.advance(1000);
    expect(views('early_events')).toMatchObject([{ fields: { saga: SAGA } }]);
    await installation.timeline.advance(320_000);
    expect(views('early_events')).toEqual([]);
    expect(views('dead_letters')).toMatchObject([{ fields: { code: 'UNCLAIMED_EVENT' } }]);
    expect([queue().coming, queue().waiting, queue().inHand]).toEqual([0, 0, 0]);
  });

  it('are neither over sooner nor brought again by a coordinator whose clock is an hour ahead', async () => {
    send();
    await installation.timeline.advance(1000);
    for (const { process } of installation.coordinators) if (process !== undefined) process.skew = 3_600_000;
    await installation.timeline.advance(280_000);
    expect(views('early_events')).toMatchObject([{ fields: { saga: SAGA } }]);
    expect([queue().coming, views('dead_letters')]).toEqual([1, []]);
    await installation.timeline.advance(120_000);
    expect(views('early_events')).toEqual([]);
    expect(views('dead_letters')).toMatchObject([{ fields: { code: 'UNCLAIMED_EVENT' } }]);
    expect([queue().coming, queue().waiting, queue().inHand]).toEqual([0, 0, 0]);
  });

  it('of a lost queue are brought again once, and held once more for their time', async () => {
    const fields = { saga: SAGA, type: STRAY.type, heldSince: BEGINNING - 400_000 };
    const id = `${STRAY.source} ${STRAY.id}`;
    installation
      .stores(COORDINATOR)
      .views.table('early_events')
      .put([{ id, version: 1, fields, body: JSON.stringify(STRAY) }]);
    await installation.timeline.advance(300_000);
    expect(queue().coming).toBe(0);
    await installation.timeline.advance(150_000);
    expect([queue().coming, views('dead_letters')]).toEqual([1, []]);
    await installation.timeline.advance(320_000);
    expect(views('early_events')).toEqual([]);
    expect(views('dead_letters')).toMatchObject([{ fields: { code: 'UNCLAIMED_EVENT' } }]);
  });

  it('come back when their process dies behind the list: what is listed and nowhere held is held again', async () => {
    let deaths = 0;
    installation.around.faults = {
      at: (_process, effect, subject) =>
        effect === 'bus.publish' && subject.includes(STRAY.id) && deaths++ === 0
          ? { kind: 'crashBefore', ms: 20, mask: 0 }
          : undefined,
    };
    send();
    await installation.timeline.advance(20_000);
    expect(deaths).toBeGreaterThan(1);
    expect(views('early_events')).toHaveLength(1);
    expect(queue().coming).toBe(1);
  });
});
