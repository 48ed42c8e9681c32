import { Module } from '@nestjs/common';
import type { DynamicModule, FactoryProvider, ModuleMetadata } from '@nestjs/common';
import { AURA_RUNTIME } from '../runtime/runtime';
import { AuraHealth } from './aura-health';
import { AuraLifecycle } from './aura-lifecycle';
import { AURA_SETTINGS, parseAuraOptions } from './aura-options';
import type { AuraOptions } from './aura-options';
import { AuraPublisher } from './aura-publisher';
import { openRuntime } from './open-runtime';

/** Options that are made with the help of other providers, e.g. actions that need a service of the application. */
export interface AuraAsyncOptions extends Pick<ModuleMetadata, 'imports'> {
  readonly inject?: FactoryProvider['inject'];
  readonly useFactory: (...injected: never[]) => AuraOptions | Promise<AuraOptions>;
}

/**
 * Makes a Nest application a service of Aura: it joins servers or a running embedded Aura, starts the participant with
 * its actions when the application starts, and stops it in good order (`app.enableShutdownHooks()` for signals). Gives
 * `AuraPublisher` and `AuraHealth` to every module.
 */
@Module({})
export class AuraModule {
  /** Errors: `UnsafeSetupError` at once for options that are wrong; when the application starts, for an Aura that is not there. */
  static forRoot(options: AuraOptions): DynamicModule {
    const settings = parseAuraOptions(options);
    return moduleWith({ provide: AURA_SETTINGS, useFactory: () => settings });
  }

  /** The same with options that are made when the application starts. */
  static forRootAsync({ imports = [], inject = [], useFactory }: AuraAsyncOptions): DynamicModule {
    const settings: FactoryProvider = {
      provide: AURA_SETTINGS,
      inject,
      useFactory: async (...injected: never[]) => parseAuraOptions(await useFactory(...injected)),
    };
    return { ...moduleWith(settings), imports };
  }
}

function moduleWith(settings: FactoryProvider): DynamicModule {
  return {
    module: AuraModule,
    global: true,
    providers: [
      settings,
      { provide: AURA_RUNTIME, inject: [AURA_SETTINGS], useFactory: openRuntime },
      AuraLifecycle,
      AuraPublisher,
      AuraHealth,
    ],
    exports: [AURA_SETTINGS, AURA_RUNTIME, AuraPublisher, AuraHealth],
  };
}
