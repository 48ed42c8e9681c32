export { openMongo } from './open-mongo';
export type { MongoStores } from './open-mongo';
export { mongoOptionsSchema } from './mongo-options';
export type { MongoOptions } from './mongo-options';
export { openMongoReader } from './open-mongo-reader';
export type { MongoReader } from './open-mongo-reader';
