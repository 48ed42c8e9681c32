import type { ParticipantList } from '@aura/contracts';
import { Controller, Get, Inject } from '@nestjs/common';
import type { HttpDependencies } from './http-dependencies';
import { HTTP_DEPENDENCIES } from './tokens';

/** Which participants are there, and which are missing that an active definition needs. */
@Controller('api/v1/participants')
export class ParticipantsController {
  constructor(@Inject(HTTP_DEPENDENCIES) private readonly door: HttpDependencies) {}

  @Get()
  async list(): Promise<ParticipantList> {
    const participants = [...(await this.door.coordinator.roster())];
    const missing = participants.filter(
      ({ status, neededBy }) => status === 'missing' && neededBy.length > 0,
    );
    return { participants, missing: missing.map(({ participant }) => participant) };
  }
}
