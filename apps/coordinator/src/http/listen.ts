import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** Where to listen. */
export interface ListenOptions {
  /** 0: any free port. */
  readonly port: number;
  /** Default 127.0.0.1: nobody is asked to sign in, so nobody else may come in. */
  readonly host?: string;
  /** Gets one line when the port was busy and another was taken. */
  readonly log: (line: string) => void;
}

/** Serves an application; a busy port moves to a free one and says so. Answers the URL, without a slash at the end. */
export async function listen(app: NestFastifyApplication, options: ListenOptions): Promise<string> {
  const host = options.host ?? '127.0.0.1';
  try {
    await app.listen(options.port, host);
  } catch (error) {
    if (!isPortBusy(error)) throw error;
    await app.listen(0, host);
    options.log(`port ${options.port} is busy; listening on ${portOf(app)} instead`);
  }
  return `http://${host.includes(':') ? `[${host}]` : host}:${portOf(app)}`;
}

function portOf(app: NestFastifyApplication): number {
  const address: unknown = app.getHttpServer().address();
  if (typeof address === 'object' && address !== null && 'port' in address) return Number(address.port);
  throw new TypeError('the server listens on no port');
}

function isPortBusy(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'EADDRINUSE';
}
