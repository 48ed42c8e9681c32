import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { HttpSettings } from '../http-settings';
import { HTTP_SETTINGS } from '../tokens';
import { Places } from './places';

/** The feeds that clients hold open. */
@Injectable()
export class OpenFeeds extends Places implements OnModuleDestroy {
  constructor(@Inject(HTTP_SETTINGS) { maxFeeds }: HttpSettings) {
    super(maxFeeds, {
      code: 'TOO_MANY_FEEDS',
      what: 'feeds are open',
      help: 'Connect again later, or ask for the saga itself from time to time.',
    });
  }
}
