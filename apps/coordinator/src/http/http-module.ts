import 'reflect-metadata';
import { Module, type DynamicModule } from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { localActor } from '@aura/nest';
import { CompensationController } from './compensation-controller';
import { DefinitionsController } from './definitions-controller';
import { HealthController } from './health-controller';
import type { HttpDependencies } from './http-dependencies';
import { httpSettings } from './http-settings';
import type { Identify } from './identity/identify';
import { IdentityGuard } from './identity/identity-guard';
import { ImagesController } from './images/images-controller';
import { OperationsController } from './operations-controller';
import { ParticipantsController } from './participants-controller';
import { OpenFeeds } from './places/open-feeds';
import { OpenWaits } from './places/open-waits';
import { RerunController } from './rerun-controller';
import { SagaFeedController } from './saga-feed-controller';
import { StartsController } from './starts/starts-controller';
import { HTTP_DEPENDENCIES, HTTP_SETTINGS, IDENTIFY } from './tokens';
import { TransactionsController } from './transactions-controller';
import { AboutSaga } from './tracing/about-saga';
import { WelcomeController } from './welcome-controller';
import { WorkflowsController } from './workflows-controller';

/** Marker class of the module; made by {@link httpModule}. */
@Module({})
export class HttpModule {}

/** The coordinator's HTTP door as a Nest module. Serve it, or a module that imports it, with `createHttpApp`. */
export function httpModule(dependencies: HttpDependencies): DynamicModule {
  return {
    module: HttpModule,
    controllers: [
      WelcomeController,
      StartsController,
      WorkflowsController,
      CompensationController,
      RerunController,
      TransactionsController,
      SagaFeedController,
      ImagesController,
      DefinitionsController,
      ParticipantsController,
      OperationsController,
      HealthController,
    ],
    providers: [
      OpenFeeds,
      OpenWaits,
      { provide: HTTP_DEPENDENCIES, useValue: dependencies },
      { provide: HTTP_SETTINGS, useValue: httpSettings.parse(dependencies.settings ?? {}) },
      { provide: IDENTIFY, useValue: dependencies.identify ?? asLocalUser() },
      { provide: APP_GUARD, useClass: IdentityGuard },
      { provide: APP_INTERCEPTOR, useClass: AboutSaga },
    ],
  };
}

function asLocalUser(): Identify {
  const actor = localActor();
  return () => actor;
}
