import { Global, Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { AURA_RUNTIME } from './runtime';
import type { AuraRuntime } from './runtime';

/** Marker class; made by {@link runtimeModule}. */
@Global()
@Module({})
export class RuntimeModule {}

/** Gives a runtime to every module of the application. Who opened it closes it, after the application. */
export function runtimeModule(runtime: AuraRuntime): DynamicModule {
  return {
    module: RuntimeModule,
    global: true,
    providers: [{ provide: AURA_RUNTIME, useValue: runtime }],
    exports: [AURA_RUNTIME],
  };
}
