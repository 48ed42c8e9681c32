import { stepFailed } from '@aura/contracts';
import type { CloudEvent, JsonValue } from '@aura/contracts';
import type { JournalRow } from '@aura/kernel';
import type { ResourceClaim } from '../participant/action';

/**
 * Operations of a step's stream, each at most once: the claim, the step's end, the fence (nothing may take effect behind
 * it), and the answer to an undo. A row's body has the same word as `kind`; readers pass over rows of other kinds.
 */
export const CLAIM = 'claim';
export const END = 'end';
export const FENCE = 'fence';
export const ANSWER = 'answer';
/** Of a transaction's branch: its vote, behind everything that it holds. */
export const VOTE = 'vote';

/** What an action decided: what it wants, and the input it decided on. A later trigger continues the first claim. */
export interface Claim {
  readonly input: JsonValue;
  readonly resources: readonly ResourceClaim[];
}

/** The row of a step's stream that performs an operation. */
export function rowWith(rows: readonly JournalRow[], operation: string): JournalRow | undefined {
  return rows.find(({ operations }) => operations.includes(operation));
}

/** The claim that stands in a step's stream. */
export function claimIn(rows: readonly JournalRow[]): Claim | undefined {
  const row = rowWith(rows, CLAIM);
  if (row === undefined) return undefined;
  const { resources } = JSON.parse(row.body) as { readonly resources: readonly ResourceClaim[] };
  return { resources, input: JSON.parse(row.payload ?? 'null') as JsonValue };
}

/** The recorded answer to an undo. */
export function answerIn(rows: readonly JournalRow[]): CloudEvent | undefined {
  const row = rowWith(rows, ANSWER);
  return row === undefined ? undefined : (JSON.parse(row.payload ?? 'null') as CloudEvent);
}

/** Whether events end a step by refusal: nothing of it stays applied. */
export function isRefusal(events: readonly CloudEvent[]): boolean {
  return events.some(({ type }) => type === stepFailed.type);
}
