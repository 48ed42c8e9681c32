import 'reflect-metadata';
import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { openDoor } from '../door/open-door';
import type { Dependency } from '../health/dependency';
import { environmentOf } from '../runtime/server-environment';
import { ServerConnections } from '../runtime/server-runtime';
import type { AuraRuntime } from '../runtime/runtime';
import { runtimeModule } from '../runtime/runtime-module';
import { readSettings } from '../settings/read-settings';
import { serviceSettings } from '../settings/service-settings';
import type { ServiceSettings } from '../settings/service-settings';
import { AURA_VERSION } from '../version';
import type { WriteLine } from '../line-log';
import { processTelemetry } from './process-telemetry';
import { runProcess } from './run-process';
import type { StartedProcess } from './run-process';
import { Work } from './work';

@Module({})
class ServiceModule {}

/** A service that is a process. */
export interface ServiceProcess {
  /** Name of the service, e.g. `nlu`. */
  readonly service: string;
  /** Default: that of Aura. */
  readonly version?: string;
  /** Made by `participantModule`. */
  readonly module: DynamicModule;
  /** Its one schema, made by `serviceSettings`; default: any free port. */
  readonly settings?: ReturnType<typeof serviceSettings>;
  /** Options of the command line; default: all behind the script. */
  readonly args?: readonly string[];
}

/**
 * Runs one service as a process on servers until SIGTERM or SIGINT: reads its settings, opens its door, waits for its
 * servers, takes up work. How it ends, {@link runProcess} tells.
 */
export function runServiceProcess(options: ServiceProcess): Promise<void> {
  return runProcess((_log, signal) => {
    const given = { env: process.env, args: options.args ?? process.argv.slice(2) };
    const settings = readSettings(options.service, options.settings ?? serviceSettings(0), given);
    return startService(options, settings, signal);
  });
}

/** {@link runServiceProcess} without the process around it. */
export async function startService(
  { service, version = AURA_VERSION, module }: ServiceProcess,
  settings: ServiceSettings,
  signal: AbortSignal,
): Promise<StartedProcess> {
  const environment = environmentOf(settings, service);
  const limits = { prefetch: settings.AURA_PREFETCH, graceMs: settings.AURA_GRACE_MS };
  const telemetry = processTelemetry(service, environment.instance);
  const log: WriteLine = (line) => telemetry.log.warn(line);
  const { meter } = telemetry;
  const connections = new ServerConnections(environment, telemetry.log, { service, limits, meter });
  const work = new Work('participant');
  const dependencies = (): readonly Dependency[] => [...connections.dependencies(), work];
  const health = { service, version, instance: environment.instance, dependencies };
  const door = await openDoor(settings, { health, metrics: { page: () => telemetry.metrics() }, log });
  try {
    const runtime = await connections.open(signal);
    const stop = await takeUpWork(module, runtime);
    work.begin(runtime.bus);
    return {
      ready: `${service} ready at ${door.url}`,
      url: door.url,
      stop: async () => {
        work.end();
        await stop();
        await runtime.close();
        await door.close();
        await telemetry.close();
      },
    };
  } catch (error) {
    await door.close();
    throw error;
  }
}

async function takeUpWork(module: DynamicModule, runtime: AuraRuntime): Promise<() => Promise<void>> {
  const root: DynamicModule = { module: ServiceModule, imports: [runtimeModule(runtime), module] };
  try {
    const app = await NestFactory.createApplicationContext(root, { logger: false, abortOnError: false });
    return () => app.close();
  } catch (error) {
    await runtime.close();
    throw error;
  }
}
