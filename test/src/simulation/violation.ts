/** The invariants of docs/architecture.md §10, by number, and a few that stand behind them. */
export const INVARIANTS = {
  1: 'atomic outcome: no ended saga is half committed, half undone',
  2: 'a decision never changes, and is durable before any message shows it',
  3: 'no commit without every yes, no wait behind a no, and no commit behind another transaction of the step that is not aborted',
  4: 'what is applied of an undone saga is undone once in effect, and nothing else is',
  5: 'no action takes effect after its undo was answered',
  6: 'once faults stop, every saga ends or waits for a person, and says so',
  7: 'n deliveries of one event change state once',
  8: 'a state change and its event: both or neither',
  9: 'money is conserved',
  10: 'rebuilding from the journal gives the same state',
  11: 'every message is acked, queued or parked: none vanishes',
  12: 'a step ends as its definition says, and sees what its join says',
  13: 'what is prepared is applied or released, and not before the decision nor behind the end of its transaction',
  14: 'one sub-saga at a time performs a step, and stands or falls with its parent, which alone may stop it or take it back',
} as const;

export type Invariant = keyof typeof INVARIANTS;

/** An invariant that does not hold. */
export interface Violation {
  readonly invariant: Invariant;
  /** What happened, with the values. */
  readonly message: string;
  readonly saga?: string;
}

/** Takes violations as they are found. */
export type Report = (invariant: Invariant, message: string, saga?: string) => void;
