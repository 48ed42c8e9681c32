import { BusinessError } from '@aura/kernel';
import { defineAction } from '@aura/workflow';
import type {
  Action,
  ActionContext,
  ParticipantDefinition,
  ResourceClaim,
  ResourceType,
} from '@aura/workflow';
import { z } from 'zod';
import { Till } from './till';

/** What every action of the simulation gets. Numbers come from the definition, but `n` and what is upstream. */
const input = z.object({
  n: z.number(),
  salt: z.number(),
  /** The input `n` that is refused; -1: none. */
  refuseAt: z.number(),
  /** Deliveries that fail before one succeeds, for every third `n`; more than 2: every one, for a single `n`. */
  flaky: z.number(),
  /** How often the undo fails before it succeeds. */
  undoFails: z.number(),
  /** What the dependencies brought, by step. */
  got: z.record(z.string(), z.number()),
});
const output = z.object({
  v: z.number(),
  /** What it saw of its dependencies. */
  got: z.record(z.string(), z.number()),
  /** What a reading action read: never the same twice. */
  read: z.number().optional(),
});

export type ActionInput = z.output<typeof input>;
export type ActionOutput = z.output<typeof output>;

/** What is in a purse at first, in cents. */
export const FULL_PURSE = 100;
/** Purses of one participant: money moves between them and is never more or less. */
export const PURSES = 24;

/** What a step makes of what it sees. */
export function valueOf({ n, salt, got }: Pick<ActionInput, 'n' | 'salt' | 'got'>): number {
  const sum = Object.values(got).reduce((total, value) => total + value, 0);
  return (salt + n * 31 + sum * 7) % 997;
}

/** Money in a purse, in cents; a claim takes or gives. What a transaction has prepared to take is not there for others. */
export function purseOf(participant: string): ResourceType<number> {
  return {
    ...vaultOf(participant),
    name: `${participant}-purse`,
    reserve: (cents, change) => cents + Math.min(0, Number(change)),
  };
}

/** Money in a vault, in cents: a purse that a transaction locks whole. */
export function vaultOf(participant: string): ResourceType<number> {
  return {
    name: `${participant}-vault`,
    initial: FULL_PURSE,
    evolve: (cents, change) => cents + Number(change),
    decide: (cents, amount, id) =>
      cents + Number(amount) >= 0
        ? { change: Number(amount) }
        : {
            refused: {
              code: 'EMPTY',
              message: `${id} has ${cents}, ${-Number(amount)} are wanted`,
              help: 'Wait.',
            },
          },
    reverse: (change) => -Number(change),
  };
}

/**
 * What a stateful step claims: money leaves one purse, or vault, and enters another. A third of them are about one alone, which
 * spends it or is given it.
 */
export function claimsOf(
  participant: string,
  { n, salt }: Pick<ActionInput, 'n' | 'salt'>,
  place: 'purse' | 'vault' = 'purse',
): readonly ResourceClaim[] {
  const type = `${participant}-${place}`;
  const from = (n + salt) % PURSES;
  const to = (from + 1 + (salt % (PURSES - 1))) % PURSES;
  const cents = 1 + ((n + salt) % 9);
  const left = { type, id: `p${from}`, amount: -cents };
  const entered = { type, id: `p${to}`, amount: cents };
  if ((n + salt) % 3 > 0) return [left, entered];
  return [(n + salt) % 2 > 0 ? left : entered];
}

/** What a step brings to its participant's till, in cents. */
export function takingsOf({ n, salt }: Pick<ActionInput, 'n' | 'salt'>): number {
  return 1 + ((n * 7 + salt) % 50);
}

/** The participants of one simulated world, and the tills of those that keep one, by participant. */
export interface Staff {
  readonly participants: readonly ParticipantDefinition[];
  readonly tills: ReadonlyMap<string, Till>;
}

/** Everybody who works in one simulated world. */
export function staff(): Staff {
  let reads = 0;
  const tills = new Map<string, Till>();
  const participants = ['atelier', 'bureau', 'closet'].map((name): ParticipantDefinition => {
    const till = new Till();
    tills.set(name, till);
    return {
      name,
      version: '1.0.0',
      actions: [
        computed(name, 'pure', () => undefined),
        computed(name, 'reading', () => (reads += 1)),
        moving(name, 'stateful'),
        moving(name, 'pivot'),
        moving(name, 'locking'),
        looking(name),
        taking(name, till),
      ],
    };
  });
  return { participants, tills };
}

function computed(participant: string, kind: 'pure' | 'reading', read: () => number | undefined): Action {
  return defineAction({
    name: `${participant}-${kind}`,
    kind,
    emits: `sim.${participant}.${kind}.done.v1`,
    input,
    output,
    run: (given, context) => {
      trouble(given, context);
      const seen = read();
      const { got } = given;
      return { output: { v: valueOf(given), got, ...(seen === undefined ? {} : { read: seen }) } };
    },
  });
}

/** Looks into purses and moves nothing: as a branch it votes read-only. */
function looking(participant: string): Action {
  return defineAction({
    name: `${participant}-looking`,
    kind: 'stateful',
    emits: `sim.${participant}.looking.done.v1`,
    input,
    output,
    resources: [purseOf(participant)],
    claim: (given, context) => {
      trouble(given, context);
      return [];
    },
    outcome: (given) => ({ output: { v: valueOf(given), got: given.got } }),
    undo: { name: `${participant}-unlook` },
  });
}

/** Moves money between purses or vaults; the pivot cannot be undone. */
function moving(participant: string, kind: 'stateful' | 'pivot' | 'locking'): Action {
  const place = kind === 'locking' ? 'vault' : 'purse';
  return defineAction({
    name: `${participant}-${kind}`,
    kind: 'stateful',
    emits: `sim.${participant}.${kind}.done.v1`,
    input,
    output,
    resources: [place === 'vault' ? vaultOf(participant) : purseOf(participant)],
    claim: (given, context) => {
      trouble(given, context);
      return claimsOf(participant, given, place);
    },
    outcome: (given) => ({ output: { v: valueOf(given), got: given.got } }),
    ...(kind === 'pivot' ? {} : { undo: { name: `${participant}-undo-${kind}` } }),
  });
}

/** Takes money into a till of its own. */
function taking(participant: string, till: Till): Action {
  return defineAction({
    name: `${participant}-foreign`,
    kind: 'stateful',
    emits: `sim.${participant}.foreign.done.v1`,
    input,
    output,
    run: (given, context) => {
      trouble(given, context);
      till.take(context.operation, takingsOf(given));
      return { output: { v: valueOf(given), got: given.got } };
    },
    undo: {
      name: `${participant}-refund`,
      run: ({ input: given }, { operation }) => till.giveBack(operation, given.undoFails),
    },
  });
}

/** Whether an input is poison: no delivery of it ever succeeds. Few are, or it would be an outage. */
export function isPoison({ n, salt, flaky }: Pick<ActionInput, 'n' | 'salt' | 'flaky'>): boolean {
  return flaky > 2 && n === salt % 12;
}

function trouble(given: ActionInput, { attempt }: ActionContext): void {
  const { n, refuseAt, flaky, salt } = given;
  if (n === refuseAt) throw new BusinessError(`${n} is refused`, { code: 'REFUSED', help: 'Try another.' });
  const isFlaky = flaky <= 2 && n % 3 === 0 && attempt <= flaky;
  if (isFlaky || isPoison(given))
    throw Object.assign(new Error(`not this time, ${n}`), { code: `FLAKY_${salt}` });
}
