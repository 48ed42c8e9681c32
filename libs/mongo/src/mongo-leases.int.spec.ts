import { leasesConformance } from '@aura/kernel/testing';
import { openMongoHarness } from './testing/mongo-harness';

leasesConformance('MongoDB', openMongoHarness);
