import { once } from 'node:events';
import { connect } from 'node:net';

const SCRIPT =
  "local n = 0 for _, key in ipairs(redis.call('keys', ARGV[1])) do n = n + redis.call('del', key) end return n";

/** Deletes the keys of a Redis that match a pattern; answers how many there were. Errors: what it answered instead. */
export async function forgetKeys(url: string, pattern: string): Promise<number> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const words = ['EVAL', SCRIPT, '0', pattern];
  const bulk = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('');
  socket.write(`*${words.length}\r\n${bulk}`);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  const text = answer.toString();
  if (!text.startsWith(':')) throw new Error(`EVAL was answered with ${text}`);
  return Number(text.slice(1));
}
