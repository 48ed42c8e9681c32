/** One message on the socket: JSON, and bytes behind it that JSON would only blow up. */
export interface Frame<M> {
  readonly message: M;
  readonly tail: Uint8Array;
}

const LENGTH_BYTES = 4;

/** A message as bytes: the length of its JSON (32 bit, big endian), the JSON in UTF-8, then the tails one after the other. */
export function encodeFrame(message: object, tails: readonly Uint8Array[] = []): Buffer {
  const json = Buffer.from(JSON.stringify(message));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(json.length);
  return Buffer.concat([length, json, ...tails]);
}

/** Reads what {@link encodeFrame} wrote. Errors: whatever tells that the bytes are no frame (`RangeError`, `SyntaxError`). */
export function decodeFrame<M extends object>(bytes: Buffer): Frame<M> {
  const end = LENGTH_BYTES + bytes.readUInt32BE(0);
  if (end > bytes.length) throw new RangeError(`the frame says ${end} bytes and has ${bytes.length}`);
  const message: unknown = JSON.parse(bytes.toString('utf8', LENGTH_BYTES, end));
  return { message: message as M, tail: bytes.subarray(end) };
}
