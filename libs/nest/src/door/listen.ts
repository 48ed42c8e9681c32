import { UnsafeSetupError } from '@aura/kernel';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** Where to listen. */
export interface ListenOptions {
  /** 0: any free port. */
  readonly port: number;
  /** Default 127.0.0.1: nobody is asked to sign in, so nobody else may come in. */
  readonly host?: string;
  /** Take another port when this one is busy, and say so, or refuse; default `move`. */
  readonly whenBusy?: 'move' | 'refuse';
  /** Gets one line when the port was busy and another was taken. */
  readonly log: (line: string) => void;
}

/**
 * Serves an application. Answers the URL, without a slash at the end. Errors: `UnsafeSetupError` for a busy port that may
 * not move, and for an address that this machine does not have.
 */
export async function listen(app: NestFastifyApplication, options: ListenOptions): Promise<string> {
  const { port, host = '127.0.0.1', whenBusy = 'move', log } = options;
  try {
    await app.listen(port, host);
  } catch (error) {
    if (whenBusy === 'refuse' || codeOf(error) !== 'EADDRINUSE') throw refusal(error, host, port);
    await app.listen(0, host);
    log(`port ${port} is busy; listening on ${portOf(app)} instead`);
  }
  return `http://${host.includes(':') ? `[${host}]` : host}:${portOf(app)}`;
}

function portOf(app: NestFastifyApplication): number {
  const address: unknown = app.getHttpServer().address();
  if (typeof address === 'object' && address !== null && 'port' in address) return Number(address.port);
  throw new TypeError('the server listens on no port');
}

const WHY: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is busy',
  EACCES: 'this user may not take that port',
  EADDRNOTAVAIL: 'this machine does not have that address',
  ENOTFOUND: 'that name leads nowhere',
};

function refusal(error: unknown, host: string, port: number): unknown {
  const why = WHY[codeOf(error) ?? ''];
  if (why === undefined) return error;
  return new UnsafeSetupError(
    `cannot listen on ${host}, port ${port}: ${why}`,
    'Stop what listens there, or give another address or port (AURA_HOST and PORT; 0 is any free port).',
    error,
  );
}

function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return String(error.code);
}
