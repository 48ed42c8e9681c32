import { isAuraError, StoreUnavailableError } from '@aura/kernel';
import {
  MongoError,
  MongoNetworkError,
  MongoNotConnectedError,
  MongoServerError,
  MongoServerSelectionError,
  MongoTopologyClosedError,
} from 'mongodb';

/** Server's code of a violated unique index. */
export const DUPLICATE_KEY = 11000;

/** Codes with which a server says "not now": it stops, starts, steps down or was interrupted. */
const PASSING_CODES = new Set([
  6, 7, 64, 89, 91, 134, 189, 202, 262, 9001, 10107, 11600, 11602, 13388, 13435, 13436,
]);

/** The server wrote, and could not say that the write is safe. */
export class UnconfirmedWriteError extends Error {
  override readonly name = 'UnconfirmedWriteError';
}

/** Nothing came back in time, not even an error. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
}

const PASSING_ERRORS = [
  NoAnswerError,
  UnconfirmedWriteError,
  MongoNetworkError,
  MongoServerSelectionError,
  MongoNotConnectedError,
  MongoTopologyClosedError,
] as const;

/** Whether the same call may succeed a moment later; its outcome so far is unknown. */
export function isPassing(error: unknown): boolean {
  if (PASSING_ERRORS.some((kind) => error instanceof kind)) return true;
  return error instanceof MongoServerError && PASSING_CODES.has(Number(error.code));
}

/** Whether one write of a bulk that got this code may succeed a moment later. */
export function isPassingCode(code: number): boolean {
  return PASSING_CODES.has(code);
}

/** Whether a unique index refused a write. */
export function isDuplicate(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === DUPLICATE_KEY;
}

/** What a caller is told: errors of the store as `StoreUnavailableError`, all others as they are. */
export function asStoreError(what: string, error: unknown): unknown {
  if (isAuraError(error) || !(error instanceof MongoError)) return error;
  return new StoreUnavailableError(`${what}: MongoDB says ${error.message}`, error);
}
