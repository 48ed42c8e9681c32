import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import type { SocketAddress } from '../address';
import { HEARTBEAT_MS, MAX_FRAME_BYTES, PROTOCOL } from '../wire/protocol';
import { watchSilence } from '../wire/silence';
import { Guest } from './guest';
import type { Served } from './served';
import { StoreDesk } from './store-desk';

const LOOPBACK = '127.0.0.1';
const TOKEN_BYTES = 32;

/** An open door for other processes of this machine. */
export interface SocketDoor {
  /** Where it is, with the token that lets in. */
  readonly address: SocketAddress;
  /** Sends all guests away, nothing of theirs counted as lost, and closes. */
  close(): Promise<void>;
}

/** How a door is opened. */
export interface DoorOptions {
  /** On 127.0.0.1; default 0: any free one. */
  readonly port?: number;
  /** How often a guest is asked whether it lives, ms; default 5000. One silent for three times as long is lost. */
  readonly heartbeatMs?: number;
  /** Told of a guest that broke the protocol. */
  readonly log?: (line: string) => void;
}

/**
 * Lets other processes of this machine join: on 127.0.0.1 alone, with a token made anew each time. A web page cannot get
 * in, as it cannot send the token.
 */
export async function openDoor(served: Served, options: DoorOptions = {}): Promise<SocketDoor> {
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  const server = new WebSocketServer({
    host: LOOPBACK,
    port: options.port ?? 0,
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: false,
    verifyClient: ({ req }, done) => {
      const status = refusalOf(req, token);
      done(status === undefined, status);
    },
  });
  const guests = new Set<Guest>();
  const desk = new StoreDesk(served);
  server.on('connection', (socket) => {
    const guest = new Guest(socket, served, desk);
    watchSilence(socket, options.heartbeatMs ?? HEARTBEAT_MS);
    guests.add(guest);
    attend(socket, guest, (reason) => {
      guests.delete(guest);
      if (reason !== undefined) options.log?.(`a joined process was sent away: ${reason}`);
    });
  });
  await once(server, 'listening');
  return {
    address: { url: `ws://${LOOPBACK}:${portOf(server)}`, token },
    close: async () => {
      await Promise.all([...guests].map((guest) => guest.sendAway()));
      for (const socket of server.clients) socket.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function attend(socket: WebSocket, guest: Guest, left: (reason: string | undefined) => void): void {
  let reason: string | undefined;
  socket.on('message', (data: RawData) => {
    try {
      guest.receive(Buffer.isBuffer(data) ? data : Buffer.from(data as ArrayBuffer));
    } catch (error) {
      reason = String(error);
      socket.terminate();
    }
  });
  // Whatever goes wrong on a socket ends it; `close` follows and does the rest.
  socket.on('error', (error) => (reason = error.message));
  socket.on('close', () => {
    left(reason);
    void guest.lost();
  });
}

/** The HTTP status that sends a guest away, if it must go. */
function refusalOf({ headers }: IncomingMessage, token: string): number | undefined {
  if (!isSame(headers.authorization ?? '', `Bearer ${token}`)) return 401;
  return headers['sec-websocket-protocol'] === PROTOCOL ? undefined : 426;
}

function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function portOf(server: WebSocketServer): number {
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new TypeError('the door has no port');
  return address.port;
}
