import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { HttpSettings } from '../http-settings';
import { HTTP_SETTINGS } from '../tokens';
import { Places } from './places';

/** The requests that wait for a saga's end. */
@Injectable()
export class OpenWaits extends Places implements OnModuleDestroy {
  constructor(@Inject(HTTP_SETTINGS) { maxWaits }: HttpSettings) {
    super(maxWaits, {
      code: 'TOO_MANY_WAITS',
      what: 'requests wait for the end of a saga',
      help: 'Start it with POST /api/v1/workflows/execute/async and follow its feed, or come again later.',
    });
  }
}
