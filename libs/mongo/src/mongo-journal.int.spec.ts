import { journalConformance } from '@aura/kernel/testing';
import { openMongoHarness } from './testing/mongo-harness';

journalConformance('MongoDB', openMongoHarness);
