import 'reflect-metadata';
import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { runtimeModule } from './runtime-module';
import { openServerRuntime, serverEnvironment } from './server-runtime';
import { untilStopped } from './until-stopped';

@Module({})
class ServiceModule {}

/** Runs one service as a process on servers until SIGTERM or SIGINT; sets the exit code when it cannot start. */
export async function runServiceProcess(options: {
  readonly service: string;
  readonly module: DynamicModule;
}): Promise<void> {
  const { service, module } = options;
  const log = (line: string): void => void process.stderr.write(`${line}\n`);
  try {
    const runtime = await openServerRuntime(serverEnvironment(process.env, service), log);
    const root: DynamicModule = { module: ServiceModule, imports: [runtimeModule(runtime), module] };
    const app = await NestFactory.createApplicationContext(root, { logger: false, abortOnError: false });
    process.stdout.write(`${service} ready\n`);
    await untilStopped(process);
    await app.close();
    await runtime.close();
  } catch (error) {
    log(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
