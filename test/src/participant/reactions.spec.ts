import { stepFallbackRequested, stepSkipped } from '@aura/contracts';
import type { JsonObject, JsonValue } from '@aura/contracts';
import { shuffled } from '@aura/kernel/testing';
import { until } from '@aura/messaging/testing';
import type { ActionContext, ParticipantDefinition } from '@aura/workflow';
import { labAction, labParticipant, takeAction } from '../lab/actions';
import { outputOf, Stage } from './stage';

const step = (id: string, action: string, more: JsonObject = {}): JsonObject => ({ id, action, ...more });

describe('participants', () => {
  let stage: Stage;
  let contexts: ActionContext[];
  let alpha: ParticipantDefinition;
  let beta: ParticipantDefinition;
  const ran = (id: string) => contexts.filter((context) => context.step === id).length;

  beforeEach(async () => {
    stage = await Stage.open();
    contexts = [];
    const noting =
      (doing: (input: Readonly<Record<string, JsonValue>>) => JsonValue) =>
      (input: Readonly<Record<string, JsonValue>>, context: ActionContext) => {
        contexts.push(context);
        return doing(input);
      };
    alpha = labParticipant('alpha', [
      labAction(
        'echo',
        noting((input) => input),
      ),
      labAction(
        'look',
        noting(({ word }) => `seen ${String(word)}`),
        'reading',
      ),
    ]);
    beta = labParticipant('beta', [
      labAction(
        'join',
        noting((input) => input),
      ),
      takeAction(),
    ]);
    await stage.start(alpha);
    await stage.start(beta);
  });
  afterEach(() => stage.close());

  test('run a chain of five steps of every kind, each event carrying what later steps read', async () => {
    const plan = await stage.publish({
      id: 'chain',
      input: { type: 'object', properties: { word: { type: 'string' }, late: { type: 'number' } } },
      steps: [
        step('one', 'echo', { input: { word: 'input.word' } }),
        step('two', 'look', { dependencies: ['one'], input: { word: 'steps.one.output.value.word' } }),
        step('three', 'take', { dependencies: ['two'], input: { item: 'hat', amount: 2 } }),
        step('four', 'echo', { dependencies: ['three'], input: { taken: 'steps.three.output.taken' } }),
        step('five', 'join', {
          dependencies: ['four'],
          input: { first: 'steps.one.output.value', second: 'steps.two.output.value', late: 'input.late' },
        }),
      ],
    });
    await stage.begin(plan, 's1', { word: 'red', late: 7, unread: 'x' });
    const five = await stage.ended('s1', 'five');
    expect(outputOf(five)).toEqual({ value: { first: { word: 'red' }, second: 'seen red', late: 7 } });
    expect(stage.tracked.map(({ aurastep }) => aurastep)).toEqual(['one', 'two', 'three', 'four', 'five']);
    const three = await stage.ended('s1', 'three');
    expect(three).toMatchObject({
      id: 's1/1/three/1/lab.take.done.v1',
      source: '/aura/beta',
      type: 'lab.take.done.v1',
      subject: 'anna',
      correlationid: 's1',
      causationid: 's1/1/two/1/lab.look.done.v1',
      aurastep: 'three',
      aurarun: 1,
      auraepoch: 1,
      auraplan: plan.digest,
      aurapartition: 0,
      data: {
        output: { taken: 1 },
        context: {
          input: { late: 7 },
          steps: { one: { output: { value: { word: 'red' } } }, two: { output: { value: 'seen red' } } },
        },
      },
    });
    expect(three).not.toHaveProperty('auraattempt');
    expect(five.data).not.toHaveProperty('context');
    expect(stage.dead).toEqual([]);
  });

  test('tell an action whose saga it is, where it stands, and one key, time and chance for all its deliveries', async () => {
    const plan = await stage.publish({ id: 'context', steps: [step('one', 'echo')] });
    const began = stage.world.clock.now();
    for (const run of [1, 2]) await stage.begin(plan, 's1', {}, { run, headers: { epoch: 3 } });
    await stage.begin(plan, 's2', {}, { more: { subject: undefined, time: undefined } as never });
    await stage.ended('s1', 'one', 2);
    await stage.ended('s2', 'one');
    const [first, second] = [1, 2].map((run) => contexts.find((one) => one.saga === 's1' && one.run === run));
    expect(first).toMatchObject({
      step: 'one',
      epoch: 3,
      attempt: 1,
      userId: 'anna',
      operation: 'step/s1/1/one',
      now: began,
    });
    expect(second?.operation).toBe('step/s1/2/one');
    expect(first?.randomness.fraction()).not.toBe(second?.randomness.fraction());
    expect([...(first?.randomness.bytes(4) ?? [])]).toHaveLength(4);
    expect(first?.signal.aborted).toBe(false);
    const stranger = contexts.find(({ saga }) => saga === 's2');
    expect(stranger).toMatchObject({ now: 0 });
    expect(stranger).not.toHaveProperty('userId');
    expect((await stage.ended('s1', 'one')).id).toBe('s1/1/one/3/lab.echo.done.v1');
  });

  test('give an action an empty input where its whole mapping is absent', async () => {
    const plan = await stage.publish({
      id: 'absent',
      steps: [
        step('one', 'echo'),
        step('two', 'echo', { dependencies: ['one'], input: 'steps.one.output.value.all' }),
      ],
    });
    await stage.begin(plan, 's1');
    expect(outputOf(await stage.ended('s1', 'two'))).toEqual({ value: {} });
  });

  describe('at a join', () => {
    const joined = (join: string): JsonObject => ({
      id: `join_${join}`,
      input: { type: 'object', additionalProperties: true },
      steps: [
        ...['a', 'b', 'c'].map((id) => step(id, 'echo', { when: `input.${id} == true` })),
        step('joined', 'join', {
          dependencies: ['a', 'b', 'c'],
          join,
          input: Object.fromEntries(
            ['a', 'b', 'c'].map((id) => [id, join === 'all' ? `steps.${id}.output.value` : id]),
          ),
        }),
      ],
    });

    /** Which of the three dependencies complete (t) and which are skipped (f), and what the join makes of it. */
    test.each([
      ['all', 'ttt', 'lab.join.done.v1'],
      ['all', 'ttf', stepSkipped.type],
      ['any', 'fft', 'lab.join.done.v1'],
      ['any', 'fff', stepSkipped.type],
      ['ended', 'tft', 'lab.join.done.v1'],
      ['ended', 'fff', 'lab.join.done.v1'],
    ])('of kind %s whose dependencies end as %s the step ends as %s', async (join, ends, type) => {
      const plan = await stage.publish(joined(join));
      const [a, b, c] = [...ends].map((end) => end === 't');
      await stage.begin(plan, 's1', { a: a ?? false, b: b ?? false, c: c ?? false });
      expect((await stage.ended('s1', 'joined')).type).toBe(type);
      await stage.quiet('alpha', 'beta');
      expect(new Set(stage.endsOf('s1', 'joined').map((event) => JSON.stringify(event))).size).toBe(1);
      expect(stage.endsOf('s1', 'joined').every((event) => event.type === type)).toBe(true);
    });

    test('arrivals in any order, repeated and changed, make one input: each dependency counts once, as it came first', async () => {
      const plan = await stage.publish(joined('all'));
      const arrivals = ['a', 'b', 'c'].flatMap((id) => [id, id, id]);
      for (let seed = 1; seed <= 6; seed++) {
        const ref = { plan, saga: `s${seed}` };
        const seen = new Set<string>();
        for (const id of shuffled(arrivals, seed)) {
          await stage.stepEnds(ref, id, { value: seen.has(id) ? 'late' : id });
          await stage.quiet('beta');
          seen.add(id);
          expect(stage.endsOf(ref.saga, 'joined').length > 0).toBe(seen.size === 3);
        }
        const outputs = stage.endsOf(ref.saga, 'joined').map(outputOf);
        expect(new Set(outputs.map((output) => JSON.stringify(output)))).toEqual(
          new Set([JSON.stringify({ value: { a: 'a', b: 'b', c: 'c' } })]),
        );
      }
    });

    test('a death between the last arrival and the action is made good by its redelivery', async () => {
      const hanging = () => new Promise<JsonValue>(() => void (calls += 1));
      let calls = 0;
      const client = stage.ground.embedded.connect();
      await stage.start(labParticipant('gamma', [labAction('meet', hanging)]), { ports: { bus: client } });
      const plan = await stage.publish({
        id: 'dying',
        steps: [step('x', 'echo'), step('y', 'echo'), step('met', 'meet', { dependencies: ['x', 'y'] })],
      });
      await stage.begin(plan, 's1');
      await until(() => calls === 1, 'the action is in hand');
      await client.crash();
      await stage.start(labParticipant('gamma', [labAction('meet', () => 'met')]));
      expect(outputOf(await stage.ended('s1', 'met'))).toEqual({ value: 'met' });
    });
  });

  test('run a fallback node when the coordinator asks for it, and its end is the end of its step', async () => {
    const plan = await stage.publish({
      id: 'falling',
      input: { type: 'object', properties: { word: { type: 'string' } } },
      steps: [
        step('main', 'look', {
          failure: { policy: 'fallback', action: 'echo', input: { word: 'input.word' } },
        }),
        step('after', 'join', { dependencies: ['main'] }),
      ],
    });
    const error = { kind: 'business', code: 'NO', message: 'no' };
    await stage.say({
      plan,
      saga: 's1',
      type: stepFallbackRequested.type,
      step: 'main.fallback',
      data: { error, context: { input: { word: 'w' } } },
    });
    expect(outputOf(await stage.ended('s1', 'main.fallback'))).toEqual({ value: { word: 'w' } });
    expect((await stage.ended('s1', 'after')).type).toBe('lab.join.done.v1');
    expect(ran('main')).toBe(0);
  });

  test('let pass what concerns them not: foreign events, plain events, failures, unknown steps', async () => {
    const plan = await stage.publish({
      id: 'pair',
      steps: [step('one', 'echo'), step('two', 'join', { dependencies: ['one'] })],
    });
    const send = (type: string, more: JsonObject) =>
      stage.ground.send('aura.participant.beta', {
        specversion: '1.0',
        id: `${type}${JSON.stringify(more)}`,
        source: '/x',
        type,
        auraplan: plan.digest,
        correlationid: 's1',
        ...more,
      });
    await send('lab.echo.done.v1', {});
    await send('lab.echo.done.v1', { aurastep: 'nobody' });
    await send('lab.other.v1', { aurastep: 'one' });
    await stage.quiet('beta');
    await stage.ground.send('aura.participant.beta', {
      specversion: '1.0',
      id: 'foreign',
      source: '/x',
      type: 'com.example.thing',
    });
    await stage.quiet('beta');
    expect([contexts.length, stage.tracked.length, stage.dead.length]).toEqual([0, 0, 0]);
  });
});
