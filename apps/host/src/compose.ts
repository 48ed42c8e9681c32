import { originSettings, startCoordinatorProcess } from '@aura/coordinator';
import { combinationEngineModule } from '@aura/combination-engine';
import { imageProcessingModule } from '@aura/image-processing';
import { closeInOrder } from '@aura/kernel';
import { Authenticator, doorSettings, readSettings, runtimeModule } from '@aura/nest';
import type { AuraRuntime } from '@aura/nest';
import { nluModule } from '@aura/nlu';
import { recommendationEngineModule } from '@aura/recommendation-engine';
import { styleProfileModule } from '@aura/style-profile';
import { Module } from '@nestjs/common';
import type { DynamicModule, INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Telemetry } from '@aura/telemetry';
import { untilActive } from './until-active';

/** An Aura in this process: coordinator and all services. */
export interface RunningAura {
  /** Address of the HTTP door. */
  readonly url: string;
  /** Where other processes of this machine join an embedded one; the token is a secret of the user who started it. */
  readonly door?: { readonly url: string; readonly token: string };
  /** Stops services and coordinator in good order, then closes the runtime. */
  stop(): Promise<void>;
}

/** What every composition takes. */
export interface ComposeOptions {
  /** Port of the HTTP door on 127.0.0.1; a busy one moves. Default 8006; 0: any free port. */
  readonly port?: number;
  /** `AURA_HOST`, `AURA_TOKEN`, `AURA_AUTH_*`, `AURA_ORIGINS` of the door; default: loopback, and nobody is asked. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Gets one line for everything worth telling. Default: nothing is told. */
  readonly log?: (line: string) => void;
  /** Log and numbers of the process, made by `hostTelemetry`; default: there are none beside the lines. */
  readonly telemetry?: Telemetry;
}

@Module({})
class ServicesModule {}

/** Definitions that Aura ships with. */
const BUILT_IN: readonly string[] = [
  'complete_fashion_analysis',
  'fund_account',
  'quick_style_assessment',
  'release_look',
  'reserve_either_look',
  'reserve_look',
  'reserve_look_in_sequence',
  'stock_wardrobe',
];

/** All services that Aura ships with. */
const SERVICES: readonly DynamicModule[] = [
  imageProcessingModule,
  nluModule,
  styleProfileModule,
  combinationEngineModule,
  recommendationEngineModule,
];

/**
 * Starts coordinator and services on a runtime and waits until the workflows that Aura ships with are active. What has
 * started is stopped again when something fails; the runtime is closed in either case.
 */
export async function composeAura(runtime: AuraRuntime, options: ComposeOptions): Promise<RunningAura> {
  const log = options.log ?? (() => undefined);
  const closing: (() => Promise<void>)[] = [() => runtime.close()];
  const stop = (): Promise<void> => closeInOrder(closing.splice(0));
  try {
    const coordinator = await startCoordinatorProcess(runtime, { ...doorOf(options), log });
    closing.unshift(() => coordinator.stop());
    const services = await startServices(runtime);
    closing.unshift(() => services.close());
    await untilActive(coordinator.coordinator, BUILT_IN);
    return { url: coordinator.url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const hostSettings = doorSettings.omit({ PORT: true }).extend(originSettings.shape);

/** Where the door is, whom it lets in, what it shows. */
function doorOf({ port = 8006, env = {}, telemetry }: ComposeOptions) {
  const settings = readSettings('aura', hostSettings, { env });
  const metrics = telemetry && { page: () => telemetry.metrics() };
  const authenticator = Authenticator.of(settings);
  const http = { origins: settings.AURA_ORIGINS };
  return { port, host: settings.AURA_HOST, authenticator, http, ...(metrics && { metrics }) };
}

async function startServices(runtime: AuraRuntime): Promise<INestApplicationContext> {
  const root: DynamicModule = { module: ServicesModule, imports: [runtimeModule(runtime), ...SERVICES] };
  return NestFactory.createApplicationContext(root, { logger: false, abortOnError: false });
}
