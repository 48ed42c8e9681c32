import type { ServerName } from '../server';
import type { LocalKind } from './local-kind';
import { localMongodb } from './mongodb';
import { localRabbitmq } from './rabbitmq';
import { localRedis } from './redis';

/** How each server is had on this machine. */
export const localKinds: Readonly<Record<ServerName, LocalKind>> = {
  rabbitmq: localRabbitmq,
  mongodb: localMongodb,
  redis: localRedis,
};
