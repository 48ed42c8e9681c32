import 'reflect-metadata';
import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Authenticator } from '../auth/authenticator';
import { guardDoor } from '../auth/guard-door';
import { requireSafeBinding } from '../auth/safe-binding';
import { healthModule } from '../health/health-module';
import type { HealthSource } from '../health/health-source';
import type { MetricsSource } from '../health/metrics-source';
import type { DoorSettings } from '../settings/service-settings';
import { DoorProblems } from './door-problems';
import { listen } from './listen';

/** What a door tells. */
export interface DoorSource {
  readonly health: HealthSource;
  readonly metrics: MetricsSource;
  readonly log: (line: string) => void;
}

/** The HTTP door of a service without an API of its own: health and metrics. */
export interface Door {
  /** E.g. `http://127.0.0.1:8002`. */
  readonly url: string;
  close(): Promise<void>;
}

@Module({})
class DoorModule {}

/** Opens the door of a service. Errors: `UnsafeSetupError` for a busy port, or an address that is not safe. */
export async function openDoor(settings: DoorSettings, source: DoorSource): Promise<Door> {
  const authenticator = Authenticator.of(settings);
  requireSafeBinding(settings.AURA_HOST, authenticator.isAsking);
  const { health, metrics, log } = source;
  // No request of these roads takes long: whoever keeps a connection must not keep the process.
  const adapter = new FastifyAdapter({ forceCloseConnections: true, skipMiddie: true });
  guardDoor(adapter.getInstance(), authenticator);
  const root: DynamicModule = { module: DoorModule, imports: [healthModule(health, metrics)] };
  const app = await NestFactory.create<NestFastifyApplication>(root, adapter, {
    logger: false,
    abortOnError: false,
  });
  app.useGlobalFilters(new DoorProblems(log));
  try {
    const { PORT: port, AURA_HOST: host } = settings;
    const url = await listen(app, { port, host, whenBusy: 'refuse', log });
    return { url, close: () => app.close() };
  } catch (error) {
    await app.close();
    throw error;
  }
}
