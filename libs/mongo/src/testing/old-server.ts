import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { BSON } from 'mongodb';

/** A server that says it is a MongoDB of an old wire version, and nothing else. */
export interface OldServer {
  readonly url: string;
  close(): Promise<void>;
}

const OP_QUERY = 2004;
const OP_REPLY = 1;
const OP_MSG = 2013;

/** Listens on a free port of the loopback and answers every command as a server of `maxWireVersion` greets. */
export async function oldServer(maxWireVersion: number): Promise<OldServer> {
  const greeting = BSON.serialize({
    ok: 1,
    ismaster: true,
    isWritablePrimary: true,
    minWireVersion: 0,
    maxWireVersion,
  });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (request) => {
      const isQuery = request.readInt32LE(12) === OP_QUERY;
      socket.write(isQuery ? legacyReply(request, greeting) : message(request, greeting));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `mongodb://127.0.0.1:${(server.address() as AddressInfo).port}/?directConnection=true`,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function legacyReply(request: Buffer, document: Uint8Array): Buffer {
  const head = Buffer.alloc(36);
  head.writeInt32LE(1, 32);
  return framed(request, OP_REPLY, [head, document]);
}

function message(request: Buffer, document: Uint8Array): Buffer {
  return framed(request, OP_MSG, [Buffer.alloc(21), document]);
}

/** Writes the header, which the first part leaves room for, over length and kinds. */
function framed(request: Buffer, opcode: number, parts: readonly Uint8Array[]): Buffer {
  const frame = Buffer.concat(parts);
  frame.writeInt32LE(frame.length, 0);
  frame.writeInt32LE(request.readInt32LE(4), 8);
  frame.writeInt32LE(opcode, 12);
  return frame;
}
