import type { JsonObject, JsonValue } from '@aura/contracts';
import { until } from '@aura/messaging/testing';
import type { ActionContext, ParticipantDefinition, Plan } from '@aura/workflow';
import { labAction, labParticipant, takeAction } from '../lab/actions';
import { outputOf, Stage } from './stage';

const step = (id: string, action: string, more: JsonObject = {}): JsonObject => ({ id, action, ...more });

describe('a step with a condition', () => {
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

  describe('a condition', () => {
    let plan: Plan;
    beforeEach(async () => {
      plan = await stage.publish({
        id: 'conditional',
        input: { type: 'object', properties: { go: {} } },
        steps: [
          step('first', 'echo', { input: { word: 'w' } }),
          step('maybe', 'echo', {
            dependencies: ['first'],
            when: "input.go == true && steps.first.output.value.word == 'w'",
          }),
          step('behind', 'join', { dependencies: ['maybe'] }),
          step('last', 'join', { dependencies: ['behind'], join: 'ended', input: { go: 'input.go' } }),
        ],
      });
    });

    test('that is true lets the step run', async () => {
      await stage.begin(plan, 's1', { go: true });
      expect((await stage.ended('s1', 'last')).type).toBe('lab.join.done.v1');
      expect((await stage.ended('s1', 'maybe')).type).toBe('lab.echo.done.v1');
    });

    test('that is false skips the step and what depends on it alone; what runs anyway gets what it reads', async () => {
      await stage.begin(plan, 's1', { go: false });
      const last = await stage.ended('s1', 'last');
      expect(outputOf(last)).toEqual({ value: { go: false } });
      expect((await stage.ended('s1', 'maybe')).data).toMatchObject({
        reason: expect.stringContaining('its condition is false: input.go == true') as string,
        context: { input: { go: false } },
      });
      expect((await stage.ended('s1', 'behind')).data).toMatchObject({
        reason: 'a step it depends on was skipped',
      });
      expect([ran('maybe'), ran('behind'), ran('last')]).toEqual([0, 0, 1]);
    });

    test.each([
      ['cannot be evaluated', {}],
      ['is neither true nor false', { go: 'yes' }],
    ])('that %s fails the step with a dead letter, and is not "false"', async (_what, input) => {
      const odd = await stage.publish({
        id: 'odd',
        input: { type: 'object', properties: { go: {} } },
        steps: [step('odd', 'echo', { when: 'input.go' })],
      });
      await stage.begin(odd, 's1', input);
      expect((await stage.ended('s1', 'odd')).data).toMatchObject({
        error: { kind: 'technical', code: 'CONDITION_ERROR' },
        attempts: 1,
        deadLetterId: expect.stringContaining('/odd/') as string,
      });
      await until(() => stage.dead.length === 1, 'the dead letter');
      expect(ran('odd')).toBe(0);
    });
  });
});
