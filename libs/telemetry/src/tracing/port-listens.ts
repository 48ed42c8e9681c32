import { connect } from 'node:net';

/** How long somebody may take to answer the door, ms. */
const PATIENCE_MS = 1000;

/** Whether somebody listens at the host and port of a URL; a URL that cannot be read is left to who uses it. */
export function portListens(url: string): Promise<boolean> {
  const { hostname, port, protocol } = URL.canParse(url) ? new URL(url) : new URL('http://invalid');
  if (hostname === 'invalid') return Promise.resolve(true);
  const host = hostname.replace(/^\[|\]$/g, '');
  const at = { host, port: Number(port || (protocol === 'https:' ? 443 : 80)) };
  return new Promise((resolve) => {
    const socket = connect(at);
    const answer = (listens: boolean): void => {
      socket.destroy();
      resolve(listens);
    };
    socket.setTimeout(PATIENCE_MS, () => answer(false));
    socket.once('connect', () => answer(true));
    socket.once('error', () => answer(false));
  });
}
