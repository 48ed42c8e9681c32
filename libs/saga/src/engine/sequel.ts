import { StoreUnavailableError } from '@aura/kernel';
import type { AppendResult } from '@aura/kernel';
import type { Done, OutboundMessage, TellingJournal, TellingResult, TellingRow } from '@aura/messaging';
import type { BookedSaga } from './booked-saga';

/** What a message of a row leads to in another journal of this instance, decided before that row stands: both are rows of one call. */
export interface Sequel {
  readonly telling: TellingRow;
  /**
   * Told once, when the call is over, what its row came to; undefined: it was not tried, as the row in front lost its place.
   * Answers what it leads to where it stands: then its message has been heard, and is said to nobody.
   */
  settled(result: TellingResult | undefined): Done | undefined;
  /** Told instead of {@link settled} when nobody knows whether its row stands, or that it does not, and why. */
  unknown(error: unknown): void;
}

/** The sequel of a message; undefined where it is to be said as ever. */
export type FindSequel = (message: OutboundMessage) => Sequel | undefined;

/** What a message of a saga leads to where that begins something in the same instance. */
export type FindBeginning = (message: OutboundMessage, saga: BookedSaga) => Sequel | undefined;

/** A row, and where it is looked for what its messages lead to. */
export interface LeadingRow extends TellingRow {
  readonly find: FindSequel;
}

/** What is to be done for a row that stands. */
export interface Said {
  /** What it says and is still to be published. */
  readonly left: readonly OutboundMessage[];
  /** Of the sequel, where that stands. */
  readonly led?: LedTo;
}

/** What a message came to. Until that is published too, the message counts as unsaid: whoever says it again hears of it. */
export interface LedTo {
  readonly of: OutboundMessage;
  readonly done: Done;
}

/** What a row came to that may have had a sequel. */
export interface Led extends Said {
  /** `failed`: nobody knows whether it stands, or it never can. */
  readonly result: AppendResult | 'failed';
  /** Why it failed. */
  readonly error?: unknown;
}

interface Found {
  readonly message: OutboundMessage;
  readonly sequel: Sequel;
}

/**
 * Appends rows, at most one per stream, each with what the first of its messages leads to that has a sequel: those in calls of
 * their own, beside one of all others, so that one that fails leaves the others alone. Results stand in the order of the rows.
 * Errors: those of {@link TellingJournal.append}, where every row failed.
 */
export async function appendLeading(
  journal: TellingJournal,
  rows: readonly LeadingRow[],
): Promise<readonly Led[]> {
  const found = rows.map(foundOf);
  const alone = rows.filter((_row, n) => found[n] === undefined);
  const others = appendAll(journal, alone);
  if (alone.length === rows.length) return notAllFailed(await others);
  const calls = rows.map(async (row, n): Promise<Led> => {
    const both = found[n];
    if (both !== undefined) return appendBoth(journal, row, both).catch(failed);
    return (await others)[alone.indexOf(row)] as Led;
  });
  return notAllFailed(await Promise.all(calls));
}

function notAllFailed(answers: readonly Led[]): readonly Led[] {
  if (answers.length > 0 && answers.every(({ result }) => result === 'failed')) throw gravest(answers);
  return answers;
}

/** Why rows failed: a store that is away is away for all. */
export function gravest(answers: readonly Led[]): unknown {
  const errors = answers.flatMap(({ result, error }) => (result === 'failed' ? [error] : []));
  return errors.find((error) => error instanceof StoreUnavailableError) ?? errors[0];
}

/** Appends one row, as {@link appendLeading}. Errors: those of {@link TellingJournal.append}. */
export async function appendOneLeading(journal: TellingJournal, row: LeadingRow): Promise<Led> {
  const [led] = await appendLeading(journal, [row]);
  return led as Led;
}

function foundOf({ publish, find }: LeadingRow): Found | undefined {
  for (const message of publish) {
    const sequel = sequelOf(message, find);
    if (sequel !== undefined) return { message, sequel };
  }
  return undefined;
}

function sequelOf(message: OutboundMessage, find: FindSequel): Sequel | undefined {
  try {
    return find(message);
  } catch {
    // Whatever went wrong goes wrong again where it is said, and is answered there.
    return undefined;
  }
}

async function appendAll(journal: TellingJournal, rows: readonly TellingRow[]): Promise<readonly Led[]> {
  try {
    const results = rows.length === 0 ? [] : await journal.append(rows);
    return rows.map(({ publish }, n) => plain(results[n], publish));
  } catch (error) {
    return rows.map(() => failed(error));
  }
}

async function appendBoth(
  journal: TellingJournal,
  { row, publish }: TellingRow,
  { message, sequel }: Found,
): Promise<Led> {
  const others = publish.filter((other) => other !== message);
  let results: readonly TellingResult[];
  try {
    results = await journal.appendInOrder([{ row, publish: others }, sequel.telling]);
  } catch (error) {
    sequel.unknown(error);
    if (error instanceof StoreUnavailableError) throw error;
    // Nothing stands: one of the two cannot be stored, and the row in front need not suffer for the other.
    const [result] = await journal.append([{ row, publish }]);
    return plain(result, publish);
  }
  const [result, behind] = results;
  const done = sequel.settled(behind);
  if (result === 'conflict') return { result, left: [] };
  const left = result === 'told' ? [] : others;
  return done === undefined
    ? { result: 'appended', left: [...left, message] }
    : { result: 'appended', left, led: { of: message, done } };
}

function plain(result: TellingResult | undefined, publish: readonly OutboundMessage[]): Led {
  if (result === undefined || result === 'conflict') return { result: 'conflict', left: [] };
  return { result: 'appended', left: result === 'told' ? [] : publish };
}

function failed(error: unknown): Led {
  return { result: 'failed', left: [], error };
}
