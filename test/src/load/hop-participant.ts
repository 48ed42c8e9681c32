import type { JsonValue } from '@aura/contracts';
import { defineAction } from '@aura/workflow';
import type { Action, ParticipantDefinition, ResourceType } from '@aura/workflow';
import { z } from 'zod';

const payload = z.object({ payload: z.string() });

/** A counter of its own for every step. */
const counter: ResourceType<number> = {
  name: 'counter',
  initial: 0,
  evolve: (count, change) => count + Number(change),
  decide: (_count, amount: JsonValue) => ({ change: amount }),
  reverse: (change) => -Number(change),
};

function pureHop(n: number): Action {
  return defineAction({
    name: `pure-hop-${n}`,
    kind: 'pure',
    input: payload,
    output: payload,
    emits: `ai.aura.bench.pure-hop-${n}.v1`,
    run: (input) => ({ output: input }),
  });
}

function statefulHop(n: number): Action {
  return defineAction({
    name: `stateful-hop-${n}`,
    kind: 'stateful',
    input: payload,
    output: payload,
    emits: `ai.aura.bench.stateful-hop-${n}.v1`,
    resources: [counter],
    claim: () => [{ type: 'counter', id: `hop-${n}`, amount: 1 }],
    outcome: (input) => ({ output: input }),
    undo: { name: `undo-hop-${n}` },
  });
}

/** The participant of one hop, with a pure and a stateful action. */
export function hopParticipant(n: number): ParticipantDefinition {
  return { name: `bench-hop-${n}`, version: '1.0.0', actions: [pureHop(n), statefulHop(n)] };
}
