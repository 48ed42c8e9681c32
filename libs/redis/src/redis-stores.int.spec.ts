import { fastStoresConformance } from '@aura/messaging/testing';
import { openRedisHarness } from './testing/redis-harness';

fastStoresConformance('Redis', openRedisHarness);
