import type { Server } from 'node:http';

/** How often connections are looked at while the server closes, milliseconds. */
const SWEEP_MS = 20;

/** A server that can be asked to tell when it begins to close. */
export interface ClosableServer {
  readonly server: Pick<Server, 'closeIdleConnections' | 'closeAllConnections' | 'once'>;
  addHook(name: 'preClose', hook: (done: () => void) => void): unknown;
}

/**
 * Lets a server close in good order and in time: requests in hand may finish, connections are closed as soon as
 * they are idle (one that has just answered would be kept alive for a minute), and after `graceMs` all the rest is cut,
 * for a client that does not read would hold the server for ever.
 */
export function closeInTime({ server, addHook }: ClosableServer, graceMs: number): void {
  addHook('preClose', (done) => {
    const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
    const limit = setTimeout(() => server.closeAllConnections(), graceMs);
    server.once('close', () => {
      clearInterval(sweep);
      clearTimeout(limit);
    });
    done();
  });
}
