import { BusinessError } from '@aura/kernel';
import { defineAction, type ParticipantDefinition } from '@aura/workflow';
import { z } from 'zod';

/** Holds back every `ponder` until the test opens it. */
export class Gate {
  private waiting: (() => void)[] = [];
  private isOpen = false;

  /** How many wait. */
  get waiters(): number {
    return this.waiting.length;
  }

  /** Lets those that wait go on, and all that come. */
  open(): void {
    this.isOpen = true;
    this.waiting.splice(0).forEach((go) => go());
  }

  /** From now on who comes has to wait. */
  close(): void {
    this.isOpen = false;
  }

  pass(): Promise<void> {
    return this.isOpen ? Promise.resolve() : new Promise((go) => this.waiting.push(go));
  }
}

const room = {
  name: 'room',
  initial: 0,
  evolve: (taken: number) => taken + 1,
  decide: () => ({ change: 1 }),
  reverse: () => -1,
};

const who = z.object({ who: z.string() });
const text = z.object({ text: z.string() });

/** Says hello, and to nobody no; ponders as long as the gate is closed; reserves a room for good. */
export function greeter(gate: Gate): ParticipantDefinition {
  const greet = defineAction({
    name: 'greet',
    kind: 'pure',
    input: who,
    output: text,
    emits: 'ai.aura.greeted.v1',
    run: (input) => {
      if (input.who !== 'nobody') return { output: { text: `Hello, ${input.who}!` } };
      throw new BusinessError('nobody is not greeted', { code: 'NOBODY', help: 'Name somebody.' });
    },
  });
  const ponder = defineAction({
    name: 'ponder',
    kind: 'pure',
    input: who,
    output: text,
    emits: 'ai.aura.pondered.v1',
    run: async (input) => {
      await gate.pass();
      return { output: { text: `about ${input.who}` } };
    },
  });
  const reserve = defineAction({
    name: 'reserve',
    kind: 'stateful',
    input: who,
    output: text,
    emits: 'ai.aura.reserved.v1',
    resources: [room],
    claim: (input) => [{ type: 'room', id: input.who, amount: 1 }],
    outcome: (input) => ({ output: { text: `reserved for ${input.who}` } }),
  });
  return { name: 'greeter', version: '1.0.0', actions: [greet, ponder, reserve] };
}

const INPUT = `input:
  type: object
  properties:
    who: { type: string }
  required: [who]
  additionalProperties: false
`;

/** A definition of two steps that greets twice. */
export const GREETING = `id: greeting
name: Greeting
version: 1.0.0
${INPUT}steps:
  - id: first
    name: First
    action: greet
    input: { who: input.who }
  - id: second
    name: Second
    action: greet
    dependencies: [first]
    input: { who: steps.first.output.text }
output: { text: steps.second.output.text }
example: { who: World }
`;

/** One pure step that lasts until the gate opens. */
export const PONDERING = `id: pondering
name: Pondering
version: 1.0.0
${INPUT}steps:
  - id: think
    name: Think
    action: ponder
    timeout: 5m
    input: { who: input.who }
output: { text: steps.think.output.text }
example: { who: World }
`;

/** A step that lasts until the gate opens, and behind it one that changes something. */
export const RESERVING = `id: reserving
name: Reserving
version: 1.0.0
${INPUT}steps:
  - id: think
    name: Think
    action: ponder
    timeout: 5m
    input: { who: input.who }
  - id: take
    name: Take
    action: reserve
    dependencies: [think]
    input: { who: input.who }
example: { who: World }
`;
