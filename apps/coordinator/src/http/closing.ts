import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** The server of an application, and where it tells that it begins to close. */
export interface ClosableServer {
  readonly server: Pick<Server, 'on'>;
  /** Calls a listener when the application begins to close, before it waits for connections. */
  beforeClose(listener: () => void): void;
}

/**
 * Lets a server close in good order and in time: requests in hand may finish, connections without one are closed at
 * once (kept-alive ones, and those that were opened in advance and never used, which Node itself would wait for), and
 * after `graceMs` all the rest is cut, for a client that does not read would hold the server for ever.
 */
export function closeInTime({ server, beforeClose }: ClosableServer, graceMs: number): void {
  const inHand = new Map<Socket, number>();
  let isClosing = false;
  server.on('connection', (socket: Socket) => {
    inHand.set(socket, 0);
    socket.once('close', () => inHand.delete(socket));
  });
  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    inHand.set(socket, (inHand.get(socket) ?? 0) + 1);
    response.once('close', () => {
      const left = (inHand.get(socket) ?? 1) - 1;
      if (inHand.has(socket)) inHand.set(socket, left);
      if (isClosing && left === 0) socket.destroySoon();
    });
  });
  beforeClose(() => {
    isClosing = true;
    for (const [socket, requests] of inHand) if (requests === 0) socket.destroy();
    const limit = setTimeout(() => inHand.forEach((_requests, socket) => socket.destroy()), graceMs);
    server.on('close', () => clearTimeout(limit));
  });
}
