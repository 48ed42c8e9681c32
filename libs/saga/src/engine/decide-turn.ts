import { decide } from '../machine/decide';
import { inputOf, isOfOthers } from '../machine/input';
import { messagesOf } from '../machine/messages';
import { rowOf } from '../machine/row';
import type { TurnClock } from '../machine/turn';
import type { DecidedTurn, SagaTurn } from './saga-turn';

/** What the deliveries of a turn come to, of a saga as it stands: a row where something is news, and what that says. */
export function decideTurn(turn: SagaTurn, clock: TurnClock): DecidedTurn {
  const { booked, waiting, saga } = turn;
  const { compiled, state } = booked;
  const { now: at } = clock;
  const inputs = waiting.flatMap(({ context }) => inputOf(compiled, context.event, at) ?? []);
  const { entries, state: next } = decide(compiled, state, inputs, clock);
  if (entries.length === 0) {
    const isDoubtful = inputs.some((input) => isOfOthers(state, input));
    return { ...turn, next: booked, row: undefined, isDoubtful };
  }
  const row = rowOf({ saga, seq: state.seq + 1, at, partition: state.partition }, entries);
  const messages = messagesOf(compiled, next, { entries, at });
  return {
    ...turn,
    row,
    next: { ...booked, state: next, unpublished: [...booked.unpublished, ...messages] },
  };
}
