import type { CloudEvent, JsonObject } from '@aura/contracts';
import { TerminalError } from '@aura/kernel';
import { participantQueue } from '@aura/messaging';
import { someEvent, until } from '@aura/messaging/testing';
import type { ParticipantDefinition } from '@aura/workflow';
import { labAction, labParticipant } from '../lab/actions';
import { Stage } from './stage';

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

  describe('and subscriptions', () => {
    let seen: CloudEvent[];
    let handle: (event: CloudEvent) => Promise<void>;
    const subscribed = (): ParticipantDefinition => ({
      ...alpha,
      subscriptions: [
        { on: 'lab.echo.done.v1', handle: (event) => handle(event) },
        { on: 'com.example.thing', handle: (event) => handle(event) },
        {
          on: 'lab.echo.done.v1',
          handle: (event) => {
            seen.push({ ...event, id: `second ${event.id}` });
            return Promise.resolve();
          },
        },
      ],
    });
    beforeEach(() => {
      seen = [];
      handle = (event) => {
        seen.push(event);
        return Promise.resolve();
      };
    });

    const foreign = (id: string) =>
      stage.ground.bus.publish([
        {
          event: someEvent(id, { type: 'com.example.thing' }),
          to: [{ kind: 'exchange', exchange: 'aura.events', key: 'com.example.thing' }],
        },
      ]);

    test('sees foreign events and step events of any definition, beside its steps', async () => {
      await stage.start(subscribed());
      const plan = await stage.publish(one);
      await stage.ground.bus.bind([{ kind: 'publicFace', key: 'lab.echo.done.v1.one_step' }]);
      await foreign('f1');
      await stage.begin(plan, 's1');
      await until(() => seen.length === 3, 'all are seen');
      expect(seen.map(({ id }) => id).sort()).toEqual([
        'f1',
        's1/1/one/1/lab.echo.done.v1',
        'second s1/1/one/1/lab.echo.done.v1',
      ]);
    });

    test('tries again alone the one that failed, and never holds up a step', async () => {
      await stage.start(subscribed());
      const chain = await stage.publish({
        id: 'chain',
        steps: [
          { id: 'one', action: 'echo' },
          { id: 'two', action: 'echo', dependencies: ['one'] },
        ],
      });
      let failures = 2;
      handle = (event) => {
        if (failures-- > 0) return Promise.reject(new Error('no index yet'));
        seen.push(event);
        return Promise.resolve();
      };
      await stage.ground.send(QUEUE, {
        ...someEvent('end', {
          correlationid: 's1',
          auraplan: chain.digest,
          aurapartition: 0,
          aurastep: 'one',
        }),
        type: 'lab.echo.done.v1',
        data: { output: { value: 1 } },
      });
      await stage.ended('s1', 'two');
      for (let n = 0; n < 3; n++) {
        await stage.quiet('alpha');
        await stage.world.advance(5000);
      }
      const ofEnd = () => seen.filter(({ id }) => id.endsWith('end')).map(({ id }) => id);
      await until(() => ofEnd().length === 2, 'both are seen');
      expect(ofEnd()).toEqual(['second end', 'end']);
      expect(stage.endsOf('s1', 'two')).toHaveLength(1);
    });

    test('that can never work is a dead letter of its own', async () => {
      handle = () => Promise.reject(new TerminalError('not ours', { code: 'NOT_OURS', help: 'x' }));
      await stage.start(subscribed());
      await foreign('f1');
      await until(() => stage.dead.length === 1, 'the dead letter');
      expect(stage.dead[0]?.data).toMatchObject({
        error: { code: 'NOT_OURS' },
        targets: ['subscription-1:com.example.thing'],
      });
    });

    test('alone, without actions, asks for no plan', async () => {
      await stage.start({
        name: 'onlooker',
        version: '1.0.0',
        actions: [],
        subscriptions: subscribed().subscriptions ?? [],
      });
      await stage.ground.send(participantQueue('onlooker'), {
        ...someEvent('end', { correlationid: 's1', auraplan: 'sha256:1', aurastep: 'one' }),
        type: 'lab.echo.done.v1',
      });
      await until(() => seen.length === 2, 'it is seen');
      await stage.quiet('onlooker');
      expect(toldOf('plan.requested')).toHaveLength(0);
    });
  });
});
