import type { HealthAnswer } from '@aura/contracts';
import { Controller, Get, Inject } from '@nestjs/common';
import type { HttpDependencies } from './http-dependencies';
import { Open } from './identity/open';
import { HTTP_DEPENDENCIES } from './tokens';

/** Says how the process stands. Always 200 while it can answer: `status` and `reasons` tell the rest. */
@Open()
@Controller('health')
export class HealthController {
  constructor(@Inject(HTTP_DEPENDENCIES) private readonly door: HttpDependencies) {}

  @Get()
  health(): HealthAnswer | Promise<HealthAnswer> {
    return this.door.health();
  }
}
