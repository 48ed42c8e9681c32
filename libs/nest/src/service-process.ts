import 'reflect-metadata';
import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { runProcess } from './run-process';
import { runtimeModule } from './runtime-module';
import { openServerRuntime, serverEnvironment } from './server-runtime';

@Module({})
class ServiceModule {}

/** Runs one service as a process on servers until SIGTERM or SIGINT; how it ends, {@link runProcess} tells. */
export function runServiceProcess(options: {
  readonly service: string;
  readonly module: DynamicModule;
}): Promise<void> {
  const { service, module } = options;
  return runProcess(async (log) => {
    const runtime = await openServerRuntime(serverEnvironment(process.env, service), log);
    const root: DynamicModule = { module: ServiceModule, imports: [runtimeModule(runtime), module] };
    const app = await NestFactory.createApplicationContext(root, { logger: false, abortOnError: false });
    return {
      ready: `${service} ready`,
      stop: async () => {
        await app.close();
        await runtime.close();
      },
    };
  });
}
