import type { WebSocket } from 'ws';

/** Silences in a row that are borne. */
const PATIENCE = 3;

/** Asks the other side again and again whether it lives, and drops the connection when nothing came from it for three times. */
export function watchSilence(socket: WebSocket, heartbeatMs: number): void {
  let heard = performance.now();
  let looked = heard;
  const hear = (): void => {
    heard = performance.now();
  };
  const look = (): void => {
    const now = performance.now();
    // This process stood still, or reads nothing by its own will: the other side is not to blame.
    if (now - looked > 2 * heartbeatMs || socket.isPaused) heard = now;
    looked = now;
    if (now - heard > PATIENCE * heartbeatMs) socket.terminate();
    else if (socket.readyState === socket.OPEN) socket.ping();
  };
  socket.on('pong', hear).on('ping', hear).on('message', hear);
  const timer = setInterval(look, heartbeatMs);
  socket.on('close', () => clearInterval(timer));
}
