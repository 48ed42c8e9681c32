import { rehearse } from '@aura/testing';
import type { Given, PersonalAct } from '@aura/testing';
import type { JsonValue } from '@aura/contracts';
import { labAction, labParticipant, refuse, stock, takeAction } from '../lab/actions';
import { definition } from '../lab/road-world';

const actor = { subject: 'kim', roles: ['operator'] } as const;

/** Runs the saga again from a step, once: whoever asks again looks first. */
function rerunFrom(from: string): PersonalAct {
  return async (coordinator, sagaId) => {
    const saga = await coordinator.find(sagaId);
    if (saga === undefined || saga.run > 1 || saga.status === 'compensating') return;
    const rerun = await coordinator.rerun({ sagaId, from, actor, reason: 'once more' });
    if (!rerun.ok) throw new Error(rerun.error.message);
  };
}

const given: Given = {
  participants: [
    labParticipant('shop', [
      takeAction(),
      takeAction('hold'),
      labAction('say', ({ word }) => word ?? 'nothing'),
      labAction('moody', (_input, { run }) => (run === 1 ? refuse('MOODY') : 'fine')),
    ]),
  ],
  definitions: [
    definition('two_takes', [
      { id: 'first', action: 'take', input: { item: 'input.item' } },
      { id: 'word', action: 'say', input: { word: 'input.item' } },
      { id: 'second', action: 'hold', dependencies: ['first', 'word'], input: { item: 'input.item' } },
      {
        id: 'last',
        action: 'say',
        dependencies: ['second', 'word'],
        input: { word: 'steps.second.output.taken' },
      },
    ] as readonly JsonValue[]),
    definition('moody_end', [
      { id: 'first', action: 'take', input: { item: 'input.item' } },
      { id: 'end', action: 'moody', dependencies: ['first'], input: {} },
    ] as readonly JsonValue[]),
  ],
};

jest.setTimeout(240_000);

describe('a rerun, whatever is delivered twice and wherever a process dies', () => {
  test('undoes what is applied from the step on, and applies it once more', async () => {
    const { runs } = await rehearse({
      given,
      when: { workflow: 'two_takes', input: { item: 'coat' }, afterwards: [rerunFrom('second')] },
      then: ({ saga, resource, events }) => {
        expect(saga).toMatchObject({ status: 'completed', run: 2, output: { last: { value: 1 } } });
        expect(saga.steps.map(({ id, run }) => `${id} ${run}`)).toEqual([
          'first 1',
          'word 1',
          'second 2',
          'last 2',
        ]);
        expect(resource(stock, 'coat')).toBe(8);
        const done = events.filter(
          ({ type, aurastep }) => type === 'lab.hold.done.v1' && aurastep === 'second',
        );
        expect(new Set(done.map(({ aurarun }) => aurarun))).toEqual(new Set([1, 2]));
        expect(events.filter(({ type }) => type === 'ai.aura.step.undone.v1')).toMatchObject([
          { aurastep: 'second', aurarun: 1 },
        ]);
      },
    });
    expect(runs).toBeGreaterThan(60);
  });

  test('runs a saga again that was undone, with all its effects', async () => {
    await rehearse({
      given,
      when: { workflow: 'moody_end', input: { item: 'hat' }, afterwards: [rerunFrom('end')] },
      then: ({ saga, resource }) => {
        expect(saga).toMatchObject({ status: 'completed', run: 2 });
        expect(resource(stock, 'hat')).toBe(9);
      },
    });
  });
});
