import type { INestApplication, INestMicroservice } from '@nestjs/common';
import { AURA_RUNTIME } from '../runtime/runtime';
import type { AuraRuntime } from '../runtime/runtime';
import { AURA_SETTINGS } from '../service/aura-options';
import type { AuraSettings } from '../service/aura-options';
import { AuraEvents } from './aura-events';
import { KeepsErrors } from './keeps-errors';

/**
 * Subscribes the `@EventPattern` handlers of an application with `AuraModule`; `app.startAllMicroservices()` starts it.
 * Prefetch and grace are those of `AuraModule.forRoot`.
 */
export function connectAura(app: INestApplication): INestMicroservice {
  const { service, prefetch, graceMs } = app.get<AuraSettings>(AURA_SETTINGS);
  const strategy = new AuraEvents(app.get<AuraRuntime>(AURA_RUNTIME), { service, prefetch, graceMs });
  // Deferred: Nest would tie the handlers to its own error filter before another one can be named.
  const microservice = app.connectMicroservice({ strategy }, { deferInitialization: true });
  microservice.useGlobalFilters(new KeepsErrors());
  return microservice;
}
