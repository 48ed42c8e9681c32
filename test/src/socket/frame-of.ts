/** Name and version of what is spoken on the socket, as a stranger would have to know it. */
export const PROTOCOL = 'aura.socket.v2';

/** A frame as the protocol has it: the length of the JSON, then the JSON. */
export function frameOf(message: object): Buffer {
  const json = Buffer.from(JSON.stringify(message));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(json.length);
  return Buffer.concat([length, json]);
}
