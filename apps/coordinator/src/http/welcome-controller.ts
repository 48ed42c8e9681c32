import type { Welcome } from '@aura/contracts';
import { Controller, Get, Inject } from '@nestjs/common';
import type { HttpDependencies } from './http-dependencies';
import { Open } from './identity/open';
import { HTTP_DEPENDENCIES } from './tokens';

const LINKS = {
  documentation: '/api/docs',
  openapi: '/api/docs/openapi.json',
  templates: '/api/v1/workflows/templates',
  workflows: '/api/v1/workflows',
  definitions: '/api/v1/definitions',
  images: '/api/v1/images',
  health: '/health',
};

/** Says what this is, and where to go. */
@Open()
@Controller()
export class WelcomeController {
  constructor(@Inject(HTTP_DEPENDENCIES) private readonly door: HttpDependencies) {}

  @Get()
  async welcome(): Promise<Welcome> {
    const { version } = await this.door.health();
    return {
      name: 'Aura',
      version,
      description:
        'Services react to events of each other; this coordinator knows where each saga stands, and why. ' +
        'Start with a line from the templates.',
      links: LINKS,
    };
  }
}
