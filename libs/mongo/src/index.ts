export { openMongo } from './open-mongo';
export type { MongoStores } from './open-mongo';
export { mongoOptionsSchema } from './mongo-options';
export type { MongoOptions } from './mongo-options';
export { listDatabases } from './list-databases';
export { openMongoReader } from './open-mongo-reader';
export type { MongoReader } from './open-mongo-reader';
