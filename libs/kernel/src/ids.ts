import { v5, v7 } from 'uuid';
import type { World } from './clock';

/** Namespace of all name-based ids of Aura (a fixed random UUID). */
const NAMESPACE = '6f1d5c1e-8f3b-4a55-9a0b-3a7d8f5c2e10';

/** Id of a saga that a person or program starts without an idempotency key: UUIDv7, sorts by time. */
export function newSagaId(world: World): string {
  return v7({ msecs: world.clock.now(), random: world.randomness.bytes(16) });
}

/** Id of a saga that an event starts: the same event always starts the same saga. */
export function sagaIdOfTrigger(definition: string, source: string, eventId: string): string {
  return v5(JSON.stringify(['trigger', definition, source, eventId]), NAMESPACE);
}

/** Id of a saga started with an idempotency key. */
export function sagaIdOfKey(actor: string, key: string): string {
  return v5(JSON.stringify(['key', actor, key]), NAMESPACE);
}

/** Position of a step in a saga's life. */
export interface StepKey {
  readonly saga: string;
  readonly run: number;
  readonly step: string;
}

/** Stream of a step's barrier at its participant: the epoch is not in it. */
export function stepStream({ saga, run, step }: StepKey): string {
  return `step/${saga}/${run}/${step}`;
}

/** Id of a step's n-th sub-saga (from 1): the same step of the same run always starts the same one. */
export function sagaIdOfChild({ saga, run, step }: StepKey, n: number): string {
  return v5(JSON.stringify(['child', saga, run, step, n]), NAMESPACE);
}

/** Id of an event that a participant makes for a step. */
export function stepEventId(key: StepKey, epoch: number, type: string, ...more: readonly string[]): string {
  return [key.saga, key.run, key.step, epoch, type, ...more].join('/');
}

/** Id of an event that the coordinator decides: a function of its journal row. */
export function decisionId(stream: string, seq: number, n: number): string {
  return `${stream}/${seq}/${n}`;
}

/** Stream of a saga. */
export function sagaStream(saga: string): string {
  return `saga/${saga}`;
}

/** Id of a step's n-th transaction (from 1): `<saga>/<run>/<step>/<n>`. */
export function transactionId({ saga, run, step }: StepKey, n: number): string {
  return `${saga}/${run}/${step}/${n}`;
}

/** The step of a transaction, and its number there; undefined when the text is no id of a transaction. */
export function transactionKey(id: string): { readonly key: StepKey; readonly n: number } | undefined {
  const [, saga, run, step, n] = /^([^/]+)\/(\d+)\/([^/]+)\/(\d+)$/.exec(id) ?? [];
  if (saga === undefined || run === undefined || step === undefined || n === undefined) return undefined;
  return { key: { saga, run: Number(run), step }, n: Number(n) };
}

/** Stream of a transaction at the coordinator. */
export function transactionStream(id: string): string {
  return `tx/${id}`;
}

/** Place of a transaction's branch at its participant: the stream of its barrier is that of a step within the step. */
export function branchKey({ saga, run, step }: StepKey, n: number, branch: string): StepKey {
  return { saga, run, step: `${step}/${n}/${branch}` };
}
