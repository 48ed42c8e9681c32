/** Why bytes are not an event. `BATCH_REFUSED`: they are a batch where one event is expected. */
export interface DecodeFailure {
  readonly code: 'UNDECODABLE' | 'BATCH_REFUSED';
  /** What is wrong, with the value. */
  readonly message: string;
}

/** What was decoded, or why nothing could be. Decoding never throws. */
export type DecodeResult<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: DecodeFailure };

/** A decoded value. */
export function decoded<T>(value: T): DecodeResult<T> {
  return { ok: true, value };
}

/** A refusal: `UNDECODABLE` unless told otherwise. */
export function refused(
  message: string,
  code: DecodeFailure['code'] = 'UNDECODABLE',
): { readonly ok: false; readonly error: DecodeFailure } {
  return { ok: false, error: { code, message } };
}
