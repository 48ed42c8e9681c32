/**
 * Large payloads by content digest. Writing the same bytes twice is one object.
 * Durable once `put` resolves. Errors: `StoreUnavailableError`, `PayloadTooLargeError`.
 */
export interface ClaimCheck {
  /** Keeps bytes; answers `sha256:` and 64 hex digits. */
  put(bytes: Uint8Array, contentType: string): Promise<string>;
  /** The bytes and their content type, checked against the digest; undefined when nobody has put them. */
  get(digest: string): Promise<{ readonly bytes: Uint8Array; readonly contentType: string } | undefined>;
  has(digest: string): Promise<boolean>;
}
