import type { JsonValue } from '@aura/contracts';
import { defineAction } from '@aura/workflow';
import type { Action, ParticipantDefinition, ResourceType } from '@aura/workflow';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { labAction, labParticipant } from '../lab/actions';

const anything = z.record(z.string(), z.json());

/** Counts up, and never refuses. */
const counter: ResourceType<number> = {
  name: 'counter',
  initial: 0,
  evolve: (count, change) => count + Number(change),
  decide: (_count, amount) => ({ change: amount }),
  reverse: (change) => -Number(change),
};

/** Takes as long as `input.delayMs` says, so that there is a middle in which a process can be killed. */
async function slowly(input: Readonly<Record<string, JsonValue>>, signal: AbortSignal): Promise<void> {
  await delay(Number(input['delayMs'] ?? 0), undefined, { signal });
}

/** Adds one to the counter of `input.item` and one to the counter `all`, which every saga shares. */
const count: Action = defineAction({
  name: 'lab-count',
  kind: 'stateful',
  input: anything,
  output: anything,
  emits: 'lab.counted.v1',
  resources: [counter],
  claim: async (input, { signal }) => {
    await slowly(input, signal);
    return [String(input['item']), 'all'].map((id) => ({ type: 'counter', id, amount: 1 }));
  },
  outcome: (_input, applied) => ({ output: { value: applied.length } }),
  undo: { name: 'undo-lab-count' },
});

/** The participants of the lab: one with a pure action, one with a reading one, one with a stateful one. */
export const LAB_PARTICIPANTS: readonly ParticipantDefinition[] = [
  labParticipant('lab-words', [
    labAction('lab-say', async (input, { signal }) => {
      await slowly(input, signal);
      return input['word'] ?? 'nothing';
    }),
  ]),
  labParticipant('lab-watch', [
    labAction(
      'lab-look',
      // Never the same twice: whoever looks again must be given what was recorded.
      async (input, { signal }) => {
        await slowly(input, signal);
        return `${process.pid}/${process.hrtime.bigint()}`;
      },
      'reading',
    ),
  ]),
  labParticipant('lab-ledger', [count]),
];

/** The lab's participant of a name. Errors: one that names those there are. */
export function labParticipantOf(name: string | undefined): ParticipantDefinition {
  const found = LAB_PARTICIPANTS.find((participant) => participant.name === name);
  if (found !== undefined) return found;
  throw new Error(
    `the lab has no participant ${name ?? '(none was named)'}; it has ${LAB_PARTICIPANTS.map((known) => known.name).join(', ')}`,
  );
}
