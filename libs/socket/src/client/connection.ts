import { StoreUnavailableError, UnsafeSetupError } from '@aura/kernel';
import { type RawData, WebSocket } from 'ws';
import type { SocketAddress } from '../address';
import { decodeFrame, type Frame } from '../wire/frame';
import { type FromHost, MAX_FRAME_BYTES, PROTOCOL } from '../wire/protocol';
import { watchSilence } from '../wire/silence';

/** One attempt to connect may take so long, ms. */
const HANDSHAKE_MS = 5000;

/** What a connection tells. */
export interface ConnectionListener {
  received(frame: Frame<FromHost>): void;
  /** It is lost; told once. */
  lost(reason: string): void;
}

/** One open connection. */
export interface Connection {
  send(frame: Buffer): void;
  /** Ends it in good order. */
  close(): void;
  /** Ends it at once, as the death of the process would. */
  terminate(): void;
}

/**
 * Connects once. Errors: `StoreUnavailableError` when nobody answers; `UnsafeSetupError` when the door refuses the token
 * or the version of the protocol.
 */
export function connect(
  address: SocketAddress,
  listener: ConnectionListener,
  heartbeatMs: number,
): Promise<Connection> {
  const socket = new WebSocket(address.url, PROTOCOL, {
    headers: { authorization: `Bearer ${address.token}` },
    handshakeTimeout: HANDSHAKE_MS,
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: false,
  });
  return new Promise((resolve, reject) => {
    let reason = 'the connection was closed';
    socket.on('unexpected-response', (_request, { statusCode }) => {
      socket.terminate();
      reject(refused(address, statusCode));
    });
    socket.on('error', (error) => {
      reason = error.message;
      reject(new StoreUnavailableError(`no Aura answers at ${address.url}: ${reason}`, error));
    });
    socket.on('open', () => {
      watchSilence(socket, heartbeatMs);
      socket.on('close', () => listener.lost(reason));
      resolve({
        send: (frame) => socket.send(frame),
        close: () => socket.close(),
        terminate: () => socket.terminate(),
      });
    });
    socket.on('message', (data: RawData) => read(data, listener, socket));
  });
}

function read(data: RawData, listener: ConnectionListener, socket: WebSocket): void {
  let frame: Frame<FromHost>;
  try {
    frame = decodeFrame(Buffer.isBuffer(data) ? data : Buffer.from(data as ArrayBuffer));
  } catch (error) {
    socket.emit('error', error);
    socket.terminate();
    return;
  }
  listener.received(frame);
}

function refused({ url }: SocketAddress, status: number | undefined): Error {
  if (status === 426)
    return new UnsafeSetupError(
      `the Aura at ${url} speaks another version of the socket protocol than ${PROTOCOL}`,
      'Run the same version of Aura on both sides.',
    );
  return new UnsafeSetupError(
    `the Aura at ${url} refused the token (HTTP ${String(status)})`,
    'Take url and token from the run.json of the Aura that runs; both are new with each start.',
  );
}
