import { planProvided } from '@aura/contracts';
import type { CloudEvent, JsonObject } from '@aura/contracts';
import { range } from '@aura/kernel/testing';
import { participantQueue } from '@aura/messaging';
import { someEvent, until } from '@aura/messaging/testing';
import type { ParticipantDefinition } from '@aura/workflow';
import { labAction, labParticipant } from '../lab/actions';
import { outputOf, published, Stage } from './stage';

const QUEUE = participantQueue('alpha');
const one: JsonObject = { id: 'one_step', steps: [{ id: 'one', action: 'echo', input: { word: 'w' } }] };

describe('a participant', () => {
  let stage: Stage;
  let alpha: ParticipantDefinition;
  beforeEach(async () => {
    stage = await Stage.open();
    alpha = labParticipant('alpha', [labAction('echo', (input) => input)]);
  });
  afterEach(() => stage.close());

  const toldOf = (word: string) => stage.told.filter(({ type }) => type === `ai.aura.${word}.v1`);
  const dataOf = ({ data }: CloudEvent) => data as JsonObject;

  describe('and plans', () => {
    test('binds what a published definition needs of it, and confirms', async () => {
      await stage.start(alpha);
      const plan = await stage.publish(one);
      expect(dataOf(toldOf('definition.bound')[0] as CloudEvent)).toEqual({
        participant: 'alpha',
        instance: 'alpha#1',
        definition: 'one_step',
        version: '1.0.0',
        digest: plan.digest,
      });
      await stage.begin(plan, 's1');
      await stage.ended('s1', 'one');
    });

    test('asks for an unknown one, holds the event without an attempt, and goes on when it is provided', async () => {
      await stage.start(alpha);
      const plan = stage.compile(one);
      const event = someEvent('start', {
        type: 'ai.aura.saga.started.v1',
        auraplan: plan.digest,
        correlationid: 's1',
        aurapartition: 0,
        data: { definition: 'one_step', version: '1.0.0', context: {} },
      });
      await stage.ground.send(QUEUE, event);
      await stage.ground.send(QUEUE, { ...event, id: 'again' });
      for (let n = 0; n < 5; n++) {
        await stage.quiet('alpha');
        await stage.world.advance(500);
      }
      await stage.quiet('alpha');
      const asked = toldOf('plan.requested');
      expect(asked.map(dataOf)).toEqual(
        range(3).map(() => ({ digest: plan.digest, participant: 'alpha', replyTo: QUEUE })),
      );
      expect(new Set(asked.map(({ id }) => id)).size).toBe(3);
      await stage.ground.send(QUEUE, published(plan, planProvided.type));
      await stage.quiet('alpha');
      await stage.world.advance(500);
      expect((await stage.ended('s1', 'one', 2)).auraattempt).toBeUndefined();
      expect([toldOf('definition.bound').length, stage.dead.length]).toEqual([0, 0]);
    });

    test('holds an event for an action that this instance does not have yet', async () => {
      const plan = await (async () => {
        await stage.start(labParticipant('alpha', [...alpha.actions, labAction('later', () => 1)]));
        return stage.publish({ id: 'newer', steps: [{ id: 'new', action: 'later' }] });
      })();
      const old = await Stage.open();
      await old.start(alpha);
      await old.ground.send(QUEUE, published(plan));
      await old.quiet('alpha');
      await old.begin(plan, 's1');
      await old.quiet('alpha');
      expect([old.tracked.length, old.dead.length]).toEqual([0, 0]);
      await old.start(labParticipant('alpha', [labAction('later', () => 'there')]), {
        ports: { bus: old.ground.embedded.connect() },
      });
      for (let n = 0; n < 40 && old.tracked.length === 0; n++) {
        await old.world.advance(500);
        await old.quiet('alpha');
      }
      expect(outputOf(await old.ended('s1', 'new'))).toEqual({ value: 'there' });
      await old.close();
    });

    test('keeps them over a restart, and their bindings', async () => {
      await stage.start(alpha);
      const plan = await stage.publish(one);
      await stage.restart();
      await stage.start(alpha);
      await stage.begin(plan, 's1');
      await stage.ended('s1', 'one');
      expect(toldOf('plan.requested')).toHaveLength(0);
    });

    test('finds in the store what another instance of it has kept since this one started', async () => {
      const first = stage.ground.embedded.connect();
      await stage.start(alpha, { ports: { bus: first } });
      const plan = stage.compile(one);
      await stage.start(alpha, { ports: { views: stage.ground.embedded.views('elsewhere') } });
      const { views } = stage.ports('alpha');
      const store = await views.open({
        name: 'plans',
        fields: { definition: 'text' },
        indexes: [['definition']],
      });
      await store.put([
        { id: plan.digest, version: 1, fields: { definition: 'one_step' }, body: JSON.stringify(plan) },
      ]);
      await stage.ground.send(QUEUE, {
        ...someEvent('start', { correlationid: 's1', auraplan: plan.digest, aurapartition: 0 }),
        type: 'ai.aura.saga.started.v1',
        data: { definition: 'one_step', version: '1.0.0', context: {} },
      });
      await stage.world.advance(500);
      for (let n = 0; n < 40 && stage.tracked.length === 0; n++) {
        await stage.quiet('alpha');
        await stage.world.advance(500);
      }
      await stage.ended('s1', 'one');
    });

    test('knows hundreds of them after a restart', async () => {
      const { views } = stage.ports('alpha');
      await stage.start(alpha);
      const plans = range(401).map((n) =>
        stage.compile({ ...one, id: `plan_${n % 7}`, description: `${n}` }),
      );
      const store = await views.open({
        name: 'plans',
        fields: { definition: 'text' },
        indexes: [['definition']],
      });
      await store.put(
        plans.map((plan) => ({
          id: plan.digest,
          version: 1,
          fields: { definition: plan.definition },
          body: JSON.stringify(plan),
        })),
      );
      await stage.start(alpha);
      await until(() => toldOf('participant.announced').length === 2, 'the second instance is announced');
      const announced = dataOf(toldOf('participant.announced')[1] as CloudEvent)['plans'];
      expect([...(announced as readonly string[])].sort()).toEqual(plans.map(({ digest }) => digest).sort());
    });

    test('starts beside a kept one that it cannot read, and warns of it', async () => {
      const { views } = stage.ports('alpha');
      const store = await views.open({
        name: 'plans',
        fields: { definition: 'text' },
        indexes: [['definition']],
      });
      await store.put([{ id: 'sha256:0', version: 1, fields: { definition: 'old' }, body: '{"steps":7}' }]);
      await stage.start(alpha);
      await stage.begin(await stage.publish(one), 's1');
      await stage.ended('s1', 'one');
      expect(stage.ground.warnings).toMatchObject([
        { message: 'a kept plan cannot be read; it is left aside', details: { digest: 'sha256:0' } },
      ]);
    });

    test.each([
      ['is no plan', { definition: 'x', version: '1.0.0', digest: `sha256:${'0'.repeat(64)}`, plan: '{}' }],
      ['brings none', { definition: 'x' }],
    ])('does not take what %s: a dead letter at once', async (_what, data) => {
      await stage.start(alpha);
      await stage.ground.send(QUEUE, someEvent('bad', { type: 'ai.aura.definition.published.v1', data }));
      await until(() => stage.dead.length === 1, 'the dead letter');
      expect(stage.dead[0]?.data).toMatchObject({ attempts: 1, error: { code: 'INVALID_PLAN' } });
    });
  });
});
