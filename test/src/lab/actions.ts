import type { JsonValue } from '@aura/contracts';
import { BusinessError } from '@aura/kernel';
import { defineAction } from '@aura/workflow';
import type { Action, ActionContext, ParticipantDefinition, ResourceType } from '@aura/workflow';
import { z } from 'zod';

const anything = z.record(z.string(), z.json());

/** What an action of a lab does: gets its input, answers its output. */
export type Doing = (
  input: Readonly<Record<string, JsonValue>>,
  context: ActionContext,
) => Promise<JsonValue> | JsonValue;

function outputOf(value: JsonValue): Record<string, JsonValue> {
  return { value: value };
}

/** A pure or reading action that answers `{value}`; it emits `lab.<name>.done.v1`. */
export function labAction(name: string, doing: Doing, kind: 'pure' | 'reading' = 'pure'): Action {
  return defineAction({
    name,
    kind,
    input: anything,
    output: anything,
    emits: `lab.${name}.done.v1`,
    run: async (input, context) => ({
      output: outputOf(await doing(input as Record<string, JsonValue>, context)) as never,
    }),
  });
}

/** Counts up; never below zero. */
export const stock: ResourceType<number> = {
  name: 'stock',
  initial: 10,
  evolve: (count, change) => count + Number(change),
  decide: (count, amount, id) =>
    count >= Number(amount)
      ? { change: -Number(amount) }
      : {
          refused: {
            code: 'OUT_OF_STOCK',
            message: `${id} has ${count}, ${String(amount)} are wanted`,
            help: 'Want less.',
          },
        },
  reverse: (change) => -Number(change),
};

/** A stateful action that takes `input.amount` (default 1) of the stock `input.item` (default `thing`). */
export function takeAction(name = 'take'): Action {
  return defineAction({
    name,
    kind: 'stateful',
    input: anything,
    output: anything,
    emits: `lab.${name}.done.v1`,
    resources: [stock],
    claim: (input) => [
      { type: 'stock', id: String(input['item'] ?? 'thing'), amount: Number(input['amount'] ?? 1) },
    ],
    outcome: (_input, applied) => ({ output: { taken: applied.length } }),
    undo: { name: `undo-${name}` },
  });
}

/** A refusal that is final. */
export function refuse(code: string): never {
  throw new BusinessError(`refused with ${code}`, { code, help: 'Nothing can be done.' });
}

/** A participant of some actions. */
export function labParticipant(name: string, actions: readonly Action[]): ParticipantDefinition {
  return { name, version: '1.0.0', actions };
}
