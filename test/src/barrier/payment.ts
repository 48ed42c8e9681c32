import { stepFailed, stepNothingToUndo, stepUndone } from '@aura/contracts';
import type { CloudEvent, JsonValue } from '@aura/contracts';
import type { Clock, Journal, StepKey } from '@aura/kernel';
import { tellingJournal } from '@aura/messaging';
import { someEvent } from '@aura/messaging/testing';
import { Barrier } from '@aura/workflow';
import type {
  ForeignReversal,
  Passage,
  RecordedEnd,
  ResourcePassage,
  ResourceClaim,
  ResourceType,
  Reversal,
} from '@aura/workflow';
import { account } from './account';

/** A step that pays from accounts, as a spec scripts it. */
export interface Payment {
  readonly step?: string;
  readonly run?: number;
  /** Tells the triggers apart: it stands in the outcome, so that the recorded one is known by it. */
  readonly trigger?: string;
  readonly from: readonly ResourceClaim[];
  /** Runs where the action decides what it wants. */
  readonly deciding?: () => void | Promise<void>;
  /** Runs where the action makes its outcome. */
  readonly ending?: () => void;
}

/** An amount of an account. */
export function take(id: string, amount: JsonValue, type = 'account'): ResourceClaim {
  return { type, id, amount };
}

/** A participant instance's barrier over accounts. */
export function barrierOver(journal: Journal, clock: Clock, mostWriters?: number): Barrier {
  const types = new Map<string, ResourceType>([['account', account]]);
  return new Barrier({ journal, telling: tellingJournal({}, journal) }, clock, types, mostWriters);
}

/** The place of a payment's step. */
export function keyOf({ step = 'pay', run = 1 }: Pick<Payment, 'step' | 'run'>): StepKey {
  return { saga: 's', run, step };
}

/** Asks the barrier and passes it, as a delivery of the step's trigger does. */
export async function pay(barrier: Barrier, payment: Payment): Promise<RecordedEnd> {
  const standing = await barrier.ask(keyOf(payment));
  return barrier.pass(passageOf(payment, standing));
}

/** The action's part. */
export function passageOf(payment: Payment, standing: Passage['standing']): ResourcePassage {
  const { from, trigger = 'first', deciding, ending } = payment;
  return {
    key: keyOf(payment),
    standing,
    claim: async () => {
      await deciding?.();
      return { input: { trigger }, resources: from };
    },
    outcome: (claim, changes) => {
      ending?.();
      return [
        event('test.paid.v1', trigger, { input: claim.input, changes: changes.map(({ change }) => change) }),
      ];
    },
    refused: ({ code, message }) => [event(stepFailed.type, trigger, { code, message })],
  };
}

function event(type: string, trigger: string, data: JsonValue): CloudEvent {
  return someEvent(`${type} of ${trigger}`, { type, data });
}

/** The balance of an account, folded from its journal alone, and how often each operation stands in it. */
export async function bookOf(
  journal: Journal,
  id: string,
): Promise<{ readonly balance: number; readonly operations: readonly string[]; readonly rows: number }> {
  const rows = await journal.read(`account/${id}`);
  const changes = rows.flatMap(({ body }) =>
    Object.values((JSON.parse(body) as { readonly changes: Record<string, number> }).changes),
  );
  return {
    balance: changes.reduce((balance, change) => balance - change, account.initial),
    operations: rows.flatMap(({ operations }) => operations),
    rows: rows.length,
  };
}

/** How a payment's step is taken back, as a spec scripts it. */
export interface Refund extends Pick<Payment, 'step' | 'run'> {
  /** Tells the askers apart: it stands in the answer, so that the recorded one is known by it. */
  readonly asker?: string;
  readonly foreign?: ForeignReversal;
  readonly isWithoutUndo?: true;
}

/** What is asked of the barrier to take a payment back. */
export function reversalOf({ asker = 'first', step, run, ...more }: Refund): Reversal {
  return {
    ...more,
    key: keyOf({ ...(step && { step }), ...(run && { run }) }),
    answer: (effect) =>
      event(effect === 'undone' ? stepUndone.type : stepNothingToUndo.type, asker, { by: asker }),
  };
}
