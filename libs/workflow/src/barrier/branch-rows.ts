import type { CloudEvent, JsonValue, TransactionVote } from '@aura/contracts';
import type { JournalRow } from '@aura/kernel';
import { endIn } from './recorded-end';
import { ANSWER, rowWith, VOTE } from './step-rows';

/** The vote that stands in a branch's stream. */
export function voteIn(rows: readonly JournalRow[]): TransactionVote | undefined {
  const row = rowWith(rows, VOTE);
  return row === undefined ? undefined : (JSON.parse(row.body) as { readonly vote: TransactionVote }).vote;
}

/** The event of a branch that said yes and has heard no decision; undefined for every other. */
export function undecidedIn(rows: readonly JournalRow[]): CloudEvent | undefined {
  const row = rowWith(rows, VOTE);
  if (row === undefined || voteIn(rows) !== 'yes' || rowWith(rows, ANSWER) !== undefined) return undefined;
  const end = endIn(rows);
  if (end !== undefined && end.isFenced !== true) return undefined;
  return votedIn(row);
}

/** The event of a vote; one that was erased is said no more. */
export function votedIn({ payload }: JournalRow): CloudEvent {
  return (JSON.parse(payload ?? '[null]') as readonly CloudEvent[])[0] as CloudEvent;
}

/** What the vote said that the action answers; undefined where the vote was erased. */
export function outputIn(rows: readonly JournalRow[]): JsonValue | undefined {
  const vote = rowWith(rows, VOTE);
  const event = vote === undefined ? undefined : (votedIn(vote) as CloudEvent | null);
  return (event?.data as { readonly output?: JsonValue } | undefined)?.output;
}

/** What a committed branch publishes beside its acknowledgement. */
export function furtherEvents(rows: readonly JournalRow[]): readonly CloudEvent[] {
  return (JSON.parse(rowWith(rows, VOTE)?.payload ?? '[]') as readonly CloudEvent[]).slice(1);
}
