import type { JsonValue } from '@aura/contracts';
import { defineAction } from '@aura/workflow';
import type { Action, ParticipantDefinition, ResourceType } from '@aura/workflow';
import { z } from 'zod';
import { HOLDERS } from './consistency-definition';

const payload = z.object({ payload: z.string() });
const done = z.object({ done: z.boolean() });
/** Things that sagas take from: few enough that some meet at each. */
const SHELVES = 100;

/** How much was taken from a shelf, which has no bottom; of "too much" nothing is given. */
const shelf: ResourceType<number> = {
  name: 'shelf',
  initial: 0,
  evolve: (taken, change) => taken + Number(change),
  decide: (_taken, amount: JsonValue, id) =>
    amount === 'too much'
      ? { refused: { code: 'TOO_MUCH', message: `${id} does not give that much` } }
      : { change: amount },
  reverse: (change) => -Number(change),
  reserve: (taken, change) => taken + Math.max(0, Number(change)),
};

/** Which shelf a saga takes from: some number made of its id. */
function shelfOf(saga: string): string {
  const sum = [...saga].reduce((total, letter) => (total * 31 + letter.charCodeAt(0)) % SHELVES, 0);
  return `shelf-${sum}`;
}

/** Hears which saga has come to an action. */
export type Heard = (saga: string) => void;

function taking(name: string, amount: JsonValue, heard: Heard = () => undefined): Action {
  return defineAction({
    name: `bench-${name}`,
    kind: 'stateful',
    input: payload,
    output: done,
    emits: `ai.aura.bench.${name}.v1`,
    resources: [shelf as ResourceType],
    claim: (_input, { saga }) => {
      heard(saga);
      return [{ type: 'shelf', id: shelfOf(saga), amount }];
    },
    outcome: () => ({ output: { done: true } }),
    undo: { name: `undo-${name}` },
  });
}

/** Who holds, one action each; who refuses, says so at `refused`, and has what stands for it, which says so at `instead`. */
export function consistencyParticipants(heard: {
  readonly refused: Heard;
  readonly instead: Heard;
}): readonly ParticipantDefinition[] {
  const holders = Array.from({ length: HOLDERS }, (_, n) => ({
    name: `bench-holder-${n + 1}`,
    version: '1.0.0',
    actions: [taking(`hold-${n + 1}`, 1)],
  }));
  const refuser = {
    name: 'bench-refuser',
    version: '1.0.0',
    actions: [taking('refuse', 'too much', heard.refused), taking('instead', 1, heard.instead)],
  };
  return [...holders, refuser];
}
