import { once } from 'node:events';
import { connect } from 'node:net';

/** Empties a Redis: FLUSHALL as one inline command. Errors: what it answered, when that is not OK. */
export async function flushRedis(url: string): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write('FLUSHALL\r\n');
  const [answer] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  if (answer.toString() !== '+OK\r\n') throw new Error(`FLUSHALL was answered with ${answer.toString()}`);
}
