import { StoreUnavailableError } from '@aura/kernel';
import type { AppendResult } from '@aura/kernel';
import type { Done, OutboundMessage, TellingJournal, TellingResult, TellingRow } from '@aura/messaging';

/** What a message of a row leads to in another journal of this instance, decided before that row stands: both are rows of one call. */
export interface Sequel {
  readonly telling: TellingRow;
  /**
   * Told once, when the call is over, what its row came to; undefined: it was not tried, as the row in front lost its place.
   * Answers what it leads to where it stands: then its message has been heard, and is said to nobody.
   */
  settled(result: TellingResult | undefined): Done | undefined;
  /** Told instead of {@link settled} when nobody knows whether its row stands. */
  unknown(): void;
}

/** The sequel of a message; undefined where it is to be said as ever. */
export type FindSequel = (message: OutboundMessage) => Sequel | undefined;

/** What a row came to that may have had a sequel. */
export interface Led {
  readonly result: AppendResult;
  /** What the row says and is still to be published. */
  readonly left: readonly OutboundMessage[];
  /** Of the sequel, where that stands. */
  readonly led?: { readonly of: OutboundMessage; readonly done: Done };
}

/** Appends a row, and what the first of its messages leads to that has a sequel, in one call. Errors: those of {@link TellingJournal.appendInOrder}. */
export async function appendLeading(
  journal: TellingJournal,
  telling: TellingRow,
  find: FindSequel,
): Promise<Led> {
  for (const message of telling.publish) {
    const sequel = find(message);
    if (sequel !== undefined) return appendBoth(journal, telling, { message, sequel });
  }
  return appendAlone(journal, telling);
}

async function appendAlone(journal: TellingJournal, telling: TellingRow): Promise<Led> {
  const [result] = await journal.append([telling]);
  return result === 'appended' ? { result, left: telling.publish } : { result: plain(result), left: [] };
}

async function appendBoth(
  journal: TellingJournal,
  { row, publish }: TellingRow,
  { message, sequel }: { readonly message: OutboundMessage; readonly sequel: Sequel },
): Promise<Led> {
  const others = publish.filter((other) => other !== message);
  let results: readonly TellingResult[];
  try {
    results = await journal.appendInOrder([{ row, publish: others }, sequel.telling]);
  } catch (error) {
    sequel.unknown();
    if (error instanceof StoreUnavailableError) throw error;
    // Nothing stands: one of the two cannot be stored, and the row in front need not suffer for the other.
    return appendAlone(journal, { row, publish });
  }
  const [result, behind] = results;
  const done = sequel.settled(behind);
  if (result === 'conflict') return { result, left: [] };
  const left = result === 'told' ? [] : others;
  return done === undefined
    ? { result: 'appended', left: [...left, message] }
    : { result: 'appended', left, led: { of: message, done } };
}

function plain(result: TellingResult | undefined): AppendResult {
  return result === 'conflict' ? 'conflict' : 'appended';
}
