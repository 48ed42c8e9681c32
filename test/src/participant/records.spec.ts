import type { CloudEvent, JsonObject, JsonValue } from '@aura/contracts';
import { BusinessError } from '@aura/kernel';
import { range } from '@aura/kernel/testing';
import { participantQueue } from '@aura/messaging';
import { until } from '@aura/messaging/testing';
import { defineAction } from '@aura/workflow';
import type { ActionContext, ParticipantDefinition } from '@aura/workflow';
import { z } from 'zod';
import { FaultyJournal } from '../barrier/faulty-journal';
import { labAction, labParticipant, takeAction } from '../lab/actions';
import { Stage } from './stage';

const step = (id: string, action: string, more: JsonObject = {}): JsonObject => ({ id, action, ...more });
const start = (saga: string) => `${saga}/1/start/ai.aura.saga.started.v1`;

describe('what a participant has done', () => {
  let stage: Stage;
  let calls: ActionContext[];
  let doing: (input: Readonly<Record<string, JsonValue>>) => Promise<JsonValue> | JsonValue;
  let alpha: ParticipantDefinition;

  beforeEach(async () => {
    stage = await Stage.open();
    calls = [];
    doing = () => calls.length;
    const run = (input: Readonly<Record<string, JsonValue>>, context: ActionContext) => {
      calls.push(context);
      return doing(input);
    };
    const noticing = defineAction({
      name: 'notice',
      kind: 'reading',
      input: z.object({}),
      output: z.object({ n: z.number() }),
      emits: 'lab.notice.done.v1',
      publishes: ['lab.noticed.v1', 'lab.warned.v1'],
      run: () => ({
        output: { n: 1 },
        events: [
          { type: 'lab.noticed.v1', data: { n: 1 } },
          { type: 'lab.noticed.v1', data: { n: 2 }, subject: 'ben' },
        ],
      }),
    });
    alpha = labParticipant('alpha', [
      labAction('work', run),
      labAction('look', run, 'reading'),
      noticing,
      takeAction(),
    ]);
  });
  afterEach(() => stage.close());

  const stockRows = () => stage.ports('alpha').journal.read('stock/thing');
  const bytes = (events: readonly CloudEvent[]) => new Set(events.map((event) => JSON.stringify(event))).size;

  test.each(['look', 'take'])(
    'is said again as it was, byte for byte, whatever asks again: %s',
    async (action) => {
      await stage.start(alpha);
      const plan = await stage.publish({ id: 'again', steps: [step('one', action)] });
      await stage.begin(plan, 's1');
      await stage.ended('s1', 'one');
      stage.world.jump(365 * 86_400_000);
      await stage.begin(plan, 's1', {}, { id: 'another-id' });
      await stage.begin(plan, 's1', {}, { more: { aurareplay: 'reemit' } });
      await stage.begin(plan, 's1', {}, { headers: { targets: ['one'], epoch: 2 } });
      await stage.ended('s1', 'one', 4);
      expect(bytes(stage.endsOf('s1', 'one'))).toBe(1);
      expect(calls.length).toBe(action === 'look' ? 1 : 0);
      expect((await stockRows()).length).toBe(action === 'take' ? 1 : 0);
    },
  );

  test('by a pure action is done again with the same id', async () => {
    await stage.start(alpha);
    const plan = await stage.publish({ id: 'pure', steps: [step('one', 'work')] });
    await stage.begin(plan, 's1');
    await stage.ended('s1', 'one');
    await stage.begin(plan, 's1', {}, { more: { aurareplay: 'reemit' } });
    await stage.ended('s1', 'one', 2);
    expect(new Set(stage.endsOf('s1', 'one').map(({ id }) => id)).size).toBe(1);
    expect(calls).toHaveLength(2);
  });

  test('comes with its further events, each with an id of its own, for the public face', async () => {
    await stage.start(alpha);
    const plan = await stage.publish({ id: 'noticing', steps: [step('one', 'notice')] });
    await stage.ground.bus.declareQueue({ queue: 'aura.test.public', kind: 'work' });
    await stage.ground.bus.bind([
      { kind: 'queue', queue: 'aura.test.public', exchange: 'aura.events', key: 'lab.noticed.v1.*' },
    ]);
    const seen = await stage.ground.drain('aura.test.public');
    await stage.begin(plan, 's1');
    await until(() => seen.length === 2, 'both are public');
    const events = seen.flatMap(({ event }) => (event.ok ? [event.value] : []));
    expect(events).toMatchObject([
      { id: 's1/1/one/1/lab.noticed.v1/0', subject: 'anna', data: { n: 1 } },
      { id: 's1/1/one/1/lab.noticed.v1/1', subject: 'ben', data: { n: 2 } },
    ]);
    expect(stage.tracked.map(({ type }) => type)).toEqual(['lab.notice.done.v1']);
  });

  test('of several steps is aimed at by targets: the others are not done again', async () => {
    await stage.start(alpha);
    const plan = await stage.publish({ id: 'aimed', steps: [step('one', 'work'), step('two', 'work')] });
    await stage.begin(plan, 's1', {}, { headers: { targets: ['two'], epoch: 4 } });
    expect((await stage.ended('s1', 'two')).auraepoch).toBe(4);
    await stage.quiet('alpha');
    expect(stage.endsOf('s1', 'one')).toHaveLength(0);
    await stage.begin(plan, 's2', {}, { headers: { targets: [] } });
    await stage.quiet('alpha');
    expect(stage.tracked).toHaveLength(1);
  });

  test('is in hand once: a second delivery of the same step gets the outcome of the first', async () => {
    let release: (value: JsonValue) => void = () => undefined;
    doing = () => new Promise((resolve) => (release = resolve));
    await stage.start(alpha);
    const plan = await stage.publish({ id: 'single', steps: [step('one', 'work')] });
    await stage.begin(plan, 's1');
    await until(() => calls.length === 1, 'it is in hand');
    await stage.begin(plan, 's1', {}, { id: 'again' });
    await until(
      async () => (await stage.ground.bus.depth(participantQueue('alpha'))) === 2,
      'both are in hand',
    );
    release('once');
    await stage.ended('s1', 'one', 2);
    expect(calls).toHaveLength(1);
    expect(bytes(stage.endsOf('s1', 'one'))).toBe(1);
    doing = () => 'twice';
    await stage.begin(plan, 's1', {}, { id: 'once more' });
    await stage.ended('s1', 'one', 3);
    expect(calls).toHaveLength(2);
  });

  describe('before the rule is looked at again', () => {
    const joined: JsonObject = {
      id: 'joined',
      input: { type: 'object', additionalProperties: true },
      steps: [
        step('a', 'work'),
        step('b', 'work'),
        step('took', 'take', {
          dependencies: ['a', 'b'],
          join: 'any',
          when: "has(steps.a) && steps.a.output.value == 'yes'",
        }),
      ],
    };

    test('a claim goes on, though the condition of a later trigger is false', async () => {
      const journal = stage.ports('alpha').journal;
      const dying = new FaultyJournal(journal, { append: 2, when: 'behind' });
      const client = stage.ground.embedded.connect();
      await stage.start(alpha, { ports: { journal: dying, bus: client } });
      const plan = await stage.publish(joined);
      const ref = { plan, saga: 's1' };
      await stage.stepEnds(ref, 'a', { value: 'yes' });
      await until(() => dying.isDead, 'the process died behind the effect');
      await client.crash();
      await stage.start(alpha);
      // Joins were lost with the fast store: the other dependency alone, whose condition is an error or false.
      await stage.ports('alpha').fast.joins.drop(['step/s1/1/took']);
      await stage.stepEnds(ref, 'b', { value: 'no' });
      expect((await stage.ended('s1', 'took')).type).toBe('lab.take.done.v1');
      await stage.quiet('alpha');
      expect(bytes(stage.endsOf('s1', 'took'))).toBe(1);
      expect(await stockRows()).toHaveLength(1);
    });

    test('a skip stays a skip, though a later arrival would have met the condition', async () => {
      await stage.start(alpha);
      const plan = await stage.publish(joined);
      const ref = { plan, saga: 's1' };
      await stage.stepEnds(ref, 'b', { value: 'no' });
      expect((await stage.ended('s1', 'took')).type).toBe('ai.aura.step.skipped.v1');
      await stage.stepEnds(ref, 'a', { value: 'yes' });
      await stage.ended('s1', 'took', 2);
      expect(bytes(stage.endsOf('s1', 'took'))).toBe(1);
      expect(await stockRows()).toHaveLength(0);
    });

    test('a skip does not end a step whose claim another instance has just made', async () => {
      const journal = stage.ports('alpha').journal;
      const claiming = new FaultyJournal(journal);
      const passes = claiming.append.bind(claiming);
      const claim = {
        stream: 'step/s1/1/took',
        seq: 1,
        at: 0,
        operations: ['claim'],
        body: JSON.stringify({ kind: 'claim', resources: [{ type: 'stock', id: 'thing', amount: 1 }] }),
        payload: '{}',
      };
      claiming.append = async (rows) => {
        await journal.append([claim]);
        return passes(rows);
      };
      await stage.start(alpha, { ports: { journal: claiming } });
      const plan = await stage.publish(joined);
      await stage.stepEnds({ plan, saga: 's1' }, 'b', { value: 'no' });
      expect((await stage.ended('s1', 'took')).type).toBe('lab.take.done.v1');
      expect(await stockRows()).toHaveLength(1);
    });
  });

  test('survives the death of its process between any two rows of the journal, once in effect', async () => {
    for (const [n, when] of range(3).flatMap((at) => [
      [at + 1, 'before'] as const,
      [at + 1, 'behind'] as const,
    ])) {
      const other = await Stage.open();
      const dying = new FaultyJournal(other.ports('alpha').journal, { append: n, when });
      const client = other.ground.embedded.connect();
      await other.start(alpha, { ports: { journal: dying, bus: client } });
      const plan = await other.publish({
        id: 'dying',
        steps: [step('one', 'take', { input: { amount: 3 } })],
      });
      await other.begin(plan, 's1');
      await until(() => dying.isDead, `dead ${when} row ${n}`);
      await client.crash();
      await other.start(alpha);
      await other.world.advance(1000);
      expect((await other.ended('s1', 'one')).type).toBe('lab.take.done.v1');
      const rows = await other.ports('alpha').journal.read('stock/thing');
      expect(rows.map(({ operations }) => operations)).toEqual([['step/s1/1/one/0']]);
      await other.close();
    }
  });

  test('takes a refusal of a reading action for its end', async () => {
    doing = () => {
      throw new BusinessError('nothing there', { code: 'EMPTY', help: 'Fill it.' });
    };
    await stage.start(alpha);
    const plan = await stage.publish({ id: 'refusal', steps: [step('one', 'look')] });
    await stage.begin(plan, 's1');
    await stage.ended('s1', 'one');
    doing = () => 'filled';
    await stage.begin(plan, 's1', {}, { headers: { targets: ['one'], epoch: 2 } });
    await stage.ended('s1', 'one', 2);
    expect(bytes(stage.endsOf('s1', 'one'))).toBe(1);
  });

  test('is dropped by the inbox when its delivery comes once more after the ack was lost', async () => {
    const client = stage.ground.embedded.connect();
    await stage.start(alpha, { ports: { bus: client } });
    const plan = await stage.publish({ id: 'inbox', steps: [step('one', 'work')] });
    await stage.ports('alpha').fast.inbox.mark([`alpha|/aura/coordinator|${start('s1')}|`], 60_000);
    doing = () => new Promise(() => undefined);
    await stage.begin(plan, 's1');
    await until(() => calls.length === 1, 'it is in hand');
    await client.crash();
    await stage.start(alpha);
    await stage.quiet('alpha');
    expect([calls.length, stage.tracked.length]).toEqual([1, 0]);
  });
});
