import { viewsConformance } from '@aura/kernel/testing';
import { openMongoHarness } from './testing/mongo-harness';

viewsConformance('MongoDB', openMongoHarness);
