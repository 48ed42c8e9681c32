import { startCoordinatorProcess } from '@aura/coordinator';
import type { CoordinatorProcess } from '@aura/coordinator';
import { combinationEngineModule } from '@aura/combination-engine';
import { imageProcessingModule } from '@aura/image-processing';
import { openEmbeddedRuntime, runtimeModule } from '@aura/nest';
import type { AuraRuntime } from '@aura/nest';
import { nluModule } from '@aura/nlu';
import { recommendationEngineModule } from '@aura/recommendation-engine';
import { styleProfileModule } from '@aura/style-profile';
import { Module } from '@nestjs/common';
import type { DynamicModule, INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { untilActive } from './until-active';

/** How an embedded Aura is started. */
export interface EmbeddedAuraOptions {
  /** Folder of all its data; made when it is not there. One process owns it. */
  readonly dataDir: string;
  /** Port of the HTTP door on 127.0.0.1; a busy one moves. Default 8006; 0: any free port. */
  readonly port?: number;
  /** Gets one line for everything worth telling. Default: nothing is told. */
  readonly log?: (line: string) => void;
}

/** An Aura in this process: coordinator and all services, on one file. */
export interface EmbeddedAura {
  readonly url: string;
  stop(): Promise<void>;
}

@Module({})
class ServicesModule {}

/** Definitions that Aura ships with. */
const BUILT_IN: readonly string[] = ['complete_fashion_analysis', 'quick_style_assessment'];

/** All services that Aura ships with. */
const SERVICES: readonly DynamicModule[] = [
  imageProcessingModule,
  nluModule,
  styleProfileModule,
  combinationEngineModule,
  recommendationEngineModule,
];

/** Starts coordinator and services in this process, without any server. */
export async function startEmbedded(options: EmbeddedAuraOptions): Promise<EmbeddedAura> {
  const log = options.log ?? (() => undefined);
  const runtime = await openEmbeddedRuntime({ dataDir: options.dataDir, log });
  try {
    const coordinator = await startCoordinatorProcess(runtime, { port: options.port ?? 8006, log });
    const services = await startServices(runtime);
    await untilActive(coordinator.coordinator, BUILT_IN);
    return { url: coordinator.url, stop: () => stopAll(runtime, coordinator, services) };
  } catch (error) {
    await runtime.close();
    throw error;
  }
}

async function startServices(runtime: AuraRuntime): Promise<INestApplicationContext> {
  const root: DynamicModule = { module: ServicesModule, imports: [runtimeModule(runtime), ...SERVICES] };
  return NestFactory.createApplicationContext(root, { logger: false, abortOnError: false });
}

async function stopAll(
  runtime: AuraRuntime,
  coordinator: CoordinatorProcess,
  services: INestApplicationContext,
): Promise<void> {
  await services.close();
  await coordinator.stop();
  await runtime.close();
}
