import 'reflect-metadata';
import { NO_LOG } from '@aura/kernel';
import { startTracing } from '@aura/telemetry';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AuraModule } from '../service/aura-module';

/** What the viewer waits for. */
const SEEN_TYPE = 'com.example.seen.v1';

@Module({})
class Viewer {}

/** A service that ends behind the first event that it sees. With `OWN_TRACER` it has set up a tracer of its own before. */
async function main(): Promise<void> {
  const own =
    process.env['OWN_TRACER'] === undefined
      ? undefined
      : startTracing({ to: 'console', share: 1, service: 'own', log: NO_LOG });
  let seen = (): void => undefined;
  const first = new Promise<void>((resolve) => (seen = resolve));
  const handle = async (): Promise<void> => seen();
  const module = AuraModule.forRoot({
    service: 'viewer',
    subscriptions: [{ on: SEEN_TYPE, handle }],
    log: NO_LOG,
  });
  const root = { module: Viewer, imports: [module] };
  const app = await NestFactory.createApplicationContext(root, { logger: false, abortOnError: false });
  process.stdout.write('ready\n');
  await first;
  await app.close();
  await own?.();
}

void main();
