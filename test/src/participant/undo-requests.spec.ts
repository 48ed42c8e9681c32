import { stepEndRequested, stepUndone, stepUndoRequested } from '@aura/contracts';
import type { CloudEvent, JsonObject } from '@aura/contracts';
import { COORDINATOR_SOURCE, participantQueue } from '@aura/messaging';
import { FaultyJournal } from '../barrier/faulty-journal';
import { labAction, labParticipant, takeAction } from '../lab/actions';
import { published, Stage } from './stage';

const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe('a participant that is asked about steps', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await Stage.open();
  });
  afterEach(() => stage.close());

  const shop = labParticipant('shop', [takeAction()]);
  const TAKE: JsonObject = { id: 'hold', action: 'take', input: { amount: 3 } };
  /** A request that the spec words itself. */
  const request = (more: Partial<CloudEvent>, type: string = stepUndoRequested.type) =>
    stage.ground.send(participantQueue('shop'), {
      specversion: '1.0',
      id: `asked/${JSON.stringify(more)}`,
      source: COORDINATOR_SOURCE,
      type,
      datacontenttype: 'application/json',
      data: { error: { kind: 'business', code: 'NO', message: 'given up' } },
      ...more,
    });
  const types = (saga: string) => stage.endsOf(saga, 'hold').map(({ type }) => type);

  test('does nothing about a request that names no saga, no plan, or no step of its own', async () => {
    await stage.start(shop);
    const plan = await stage.publish({ id: 'shopping', steps: [TAKE] });
    await request({ auraplan: plan.digest, aurastep: 'hold' });
    await request({ correlationid: 's1', aurastep: 'hold' });
    await request({ correlationid: 's1', auraplan: plan.digest });
    await request({ correlationid: 's1', auraplan: plan.digest, aurastep: 'stranger' });
    await stage.quiet('shop');
    expect([...stage.tracked, ...stage.dead]).toEqual([]);
  });

  test('answers a request about the first run that says nothing of run and epoch', async () => {
    await stage.start(shop);
    const plan = await stage.publish({ id: 'shopping', steps: [TAKE] });
    await stage.begin(plan, 's1');
    await stage.ended('s1', 'hold');
    await request({ correlationid: 's1', auraplan: plan.digest, aurastep: 'hold' });
    expect(await stage.ended('s1', 'hold', 2)).toMatchObject({
      type: stepUndone.type,
      aurarun: 1,
      auraepoch: 1,
    });
  });

  test.each([stepUndoRequested.type, stepEndRequested.type])(
    'holds a request whose plan comes later, and answers it then (%s)',
    async (type) => {
      await stage.start(shop);
      const plan = stage.compile({ id: 'shopping', steps: [TAKE] });
      await request({ correlationid: 's1', auraplan: plan.digest, aurastep: 'hold' }, type);
      await stage.quiet('shop');
      expect(stage.tracked).toEqual([]);
      await stage.ground.send(participantQueue('shop'), published(plan));
      await stage.quiet('shop');
      await stage.world.advance(10_000);
      expect((await stage.ended('s1', 'hold')).type).toBe('ai.aura.step.nothing-to-undo.v1');
    },
  );

  test('holds a request about an action that this instance does not offer, until one does', async () => {
    const running = await stage.start(shop);
    const plan = await stage.publish({ id: 'shopping', steps: [TAKE] });
    await stage.begin(plan, 's1');
    await stage.ended('s1', 'hold');
    await running.stop(0);
    const older = await stage.start(labParticipant('shop', [labAction('think', () => 1)]));
    await stage.ask({ plan, saga: 's1' }, 'hold');
    await stage.quiet('shop');
    expect(types('s1')).not.toContain(stepUndone.type);
    await older.stop(0);
    await stage.start(shop);
    await stage.world.advance(10_000);
    expect((await stage.ended('s1', 'hold', 2)).type).toBe(stepUndone.type);
  });

  test('holds an undo while its store does not answer, and undoes once', async () => {
    const journal = new FaultyJournal(stage.ports('shop').journal, {
      append: 5,
      when: 'behind',
      isPassing: true,
    });
    await stage.start(shop, { ports: { journal } });
    const plan = await stage.publish({ id: 'shopping', steps: [TAKE] });
    await stage.begin(plan, 's1');
    await stage.ended('s1', 'hold');
    await stage.ask({ plan, saga: 's1' }, 'hold');
    for (let attempt = 0; attempt < 3; attempt++) {
      await stage.quiet('shop');
      await stage.world.advance(10_000);
    }
    expect((await stage.ended('s1', 'hold', 2)).type).toBe(stepUndone.type);
    expect(journal.appends).toBeGreaterThanOrEqual(5);
    const rows = await stage.ports('shop').journal.read('stock/thing');
    const changes = rows.flatMap(({ body }) =>
      Object.values((JSON.parse(body) as { readonly changes: Record<string, number> }).changes),
    );
    expect(changes.reduce((sum, change) => sum + Number(change), 0)).toBe(0);
    expect(stage.dead).toEqual([]);
  });

  test('undoes within the trace of the saga that asks', async () => {
    await stage.start(shop);
    const plan = await stage.publish({ id: 'shopping', steps: [TAKE] });
    await stage.begin(plan, 's1', {}, { more: { traceparent: TRACE } });
    await stage.ended('s1', 'hold');
    await request({ correlationid: 's1', auraplan: plan.digest, aurastep: 'hold', traceparent: TRACE });
    const answer = await stage.ended('s1', 'hold', 2);
    expect(answer.traceparent).toContain(TRACE.split('-')[1]);
  });
});
