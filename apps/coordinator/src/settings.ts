import { serviceSettings, wholeNumber } from '@aura/nest';
import { COORDINATOR_DEFAULTS, MOST_PARTITIONS } from '@aura/saga';
import { z } from 'zod';
import { originList } from './http';

const MEBIBYTE = 1024 * 1024;

/** Whose pages may use the door of a coordinator from a browser. */
export const originSettings = z.object({
  /** Origins, separated by commas; default: none but the door's own. */
  AURA_ORIGINS: originList.default([]),
});

/** What the process of the coordinator reads from its environment and options. */
export const coordinatorSettings = serviceSettings(8006).extend({
  ...originSettings.shape,
  /** Largest body of a start or a definition, bytes. */
  AURA_BODY_BYTES: wholeNumber(1024, 64 * MEBIBYTE).default(MEBIBYTE),
  /** Largest image, bytes. */
  AURA_IMAGE_BYTES: wholeNumber(1024, 64 * MEBIBYTE).default(20 * MEBIBYTE),
  /** Feeds open at once. */
  AURA_MAX_FEEDS: wholeNumber(1, 100_000).default(1000),
  /** Tracker partitions for new sagas. */
  AURA_PARTITIONS: wholeNumber(1, MOST_PARTITIONS).default(COORDINATOR_DEFAULTS.partitions),
  /** Open sagas beyond which starts are refused. */
  AURA_MOST_OPEN_SAGAS: wholeNumber(1, 10_000_000).default(50_000),
});
