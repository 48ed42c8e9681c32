import 'reflect-metadata';
import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { HealthController } from './health-controller';
import { HEALTH_SOURCE } from './health-source';
import type { HealthSource } from './health-source';
import { MetricsController } from './metrics-controller';
import { METRICS_SOURCE } from './metrics-source';
import type { MetricsSource } from './metrics-source';

/** Marker class; made by {@link healthModule}. */
@Module({})
export class HealthModule {}

/** `/health/live`, `/health/ready` and `/metrics` for a Nest application on fastify. */
export function healthModule(source: HealthSource, metrics: MetricsSource): DynamicModule {
  return {
    module: HealthModule,
    controllers: [HealthController, MetricsController],
    providers: [
      { provide: HEALTH_SOURCE, useValue: source },
      { provide: METRICS_SOURCE, useValue: metrics },
    ],
  };
}
