import type { WebSocket } from 'ws';
import { HEARTBEAT_MS, SILENT_MS } from './protocol';

/** Asks the other side every 5 s whether it lives, and drops the connection when nothing came from it for 15 s. */
export function watchSilence(socket: WebSocket): void {
  let heard = performance.now();
  let looked = heard;
  const hear = (): void => {
    heard = performance.now();
  };
  const look = (): void => {
    const now = performance.now();
    // This process stood still, or reads nothing by its own will: the other side is not to blame.
    if (now - looked > 2 * HEARTBEAT_MS || socket.isPaused) heard = now;
    looked = now;
    if (now - heard > SILENT_MS) socket.terminate();
    else if (socket.readyState === socket.OPEN) socket.ping();
  };
  socket.on('pong', hear).on('ping', hear).on('message', hear);
  const timer = setInterval(look, HEARTBEAT_MS);
  socket.on('close', () => clearInterval(timer));
}
