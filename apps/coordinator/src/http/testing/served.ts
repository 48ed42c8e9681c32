import type { Coordinator } from '@aura/saga';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createHttpApp } from '../http-app';
import { httpModule } from '../http-module';
import type { HttpSettings } from '../http-settings';
import { listen } from '@aura/nest';

/** The HTTP door of a test, served on a free port. */
export interface Served {
  readonly app: NestFastifyApplication;
  readonly url: string;
  readonly images: Map<string, Uint8Array>;
  readonly lines: string[];
}

/** Serves a coordinator; images are kept in a map, log lines in a list. */
export async function serve(coordinator: Coordinator, settings: Partial<HttpSettings> = {}): Promise<Served> {
  const images = new Map<string, Uint8Array>();
  const lines: string[] = [];
  const log = (line: string): void => void lines.push(line);
  const put = async (bytes: Uint8Array): Promise<string> => {
    const digest = `sha256:${String(bytes.length).padStart(64, '0')}`;
    images.set(digest, bytes);
    return digest;
  };
  const health = () => ({
    status: 'ok' as const,
    version: '0.1.0',
    instance: 'i1',
    mode: 'embedded' as const,
    bus: 'up' as const,
    reasons: [],
    participants: ['greeter'],
  });
  const identify = () => ({ subject: 'local:test', roles: [] });
  const root = httpModule({ coordinator, claims: { put }, health, log, settings, identify });
  const app = await createHttpApp(root, { settings, log });
  const url = await listen(app, { port: 0, log });
  return { app, url, images, lines };
}

/** Waits until a condition holds; fails with its name after 5 seconds. */
export async function until(name: string, holds: () => boolean): Promise<void> {
  const deadline = performance.now() + 5000;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`not within 5 s: ${name}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
