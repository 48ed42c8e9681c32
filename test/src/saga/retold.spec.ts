import type { CloudEvent } from '@aura/contracts';
import { sagaStream } from '@aura/kernel';
import { retoldEnds } from '@aura/saga/testing';
import { compileDefinition, compilePlan, describeActions } from '@aura/workflow';
import { labAction, labParticipant, refuse } from '../lab/actions';
import { eventually } from '../lab/eventually';
import { Lab } from '../lab/lab';

const one = labParticipant('one', [
  labAction('say', ({ word }) => word ?? 'nothing'),
  labAction('refuse', () => refuse('NO_WAY')),
]);
const two = labParticipant('two', [
  labAction('mix', (input) => input),
  labAction('look', (input) => input, 'reading'),
]);

const definition = {
  id: 'retold',
  name: 'retold',
  version: '1.0.0',
  input: { type: 'object', additionalProperties: true },
  example: {},
  output: { all: 'steps.last.output.value' },
  steps: [
    { id: 'first', action: 'say', input: { word: 'input.word' } },
    {
      id: 'left',
      action: 'mix',
      dependencies: ['first'],
      input: { f: 'steps.first.output.value', x: 'input.x' },
    },
    {
      id: 'maybe',
      action: 'say',
      dependencies: ['first'],
      when: 'steps.first.output.value == "nobody"',
      input: {},
    },
    {
      id: 'other',
      action: 'refuse',
      dependencies: ['first'],
      input: {},
      failure: { policy: 'fallback', action: 'look' },
    },
    {
      id: 'optional',
      action: 'refuse',
      dependencies: ['left'],
      input: {},
      failure: { policy: 'continue', output: { value: 'default' } },
    },
    {
      id: 'last',
      action: 'mix',
      join: 'ended',
      dependencies: ['optional', 'maybe', 'other'],
      input: {
        first: 'steps.first.output.value',
        left: 'steps.left.output.value',
        other: 'steps.other.output',
        optional: 'steps.optional.output.value',
        deep: 'input.y',
      },
    },
  ].map((step) => ({ name: 'step', type: 'command', ...step })),
} as const;

function compiled() {
  const offers = [one, two].flatMap(({ name, actions }) =>
    describeActions(actions).map((action) => [action.name, { ...action, participant: name }] as const),
  );
  const plan = compileDefinition(JSON.stringify(definition), 'x.json', new Map(offers));
  if (!plan.ok) throw new Error(JSON.stringify(plan.error));
  return compilePlan(plan.value);
}

/** What a re-emission must repeat of an event. */
function essence({
  id,
  source,
  type,
  time,
  subject,
  aurastep,
  aurarun,
  auraepoch,
  auraplan,
  data,
}: CloudEvent) {
  return { id, source, type, time, subject, aurastep, aurarun, auraepoch, auraplan, data };
}

it('the coordinator tells ends again as their participants had published them', async () => {
  const lab = await Lab.open({ participants: [one, two], definitions: [definition] });
  try {
    const seen = await lab.tap('#');
    const input = { word: 'hello', x: { deep: [1, null] }, y: 'why', unread: true };
    const saga = await lab.until(await lab.start('retold', input, { userId: 'ada' }));
    expect(saga.status).toBe('completed');
    await eventually('all ends were told', () =>
      seen.some(
        ({ type, correlationid }) => type === 'ai.aura.saga.completed.v1' && correlationid === saga.sagaId,
      )
        ? true
        : undefined,
    );
    const { journal } = await lab.runtime.stores('coordinator');
    const retold = retoldEnds(compiled(), await journal.read(sagaStream(saga.sagaId)));
    expect(retold).toHaveLength(7);
    const published = new Map(seen.map((event) => [event.id, essence(event)]));
    expect(retold.map(essence)).toEqual(retold.map(({ id }) => published.get(id)));
  } finally {
    await lab.close();
  }
});
