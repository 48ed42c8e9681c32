import { claimCheckConformance } from '@aura/kernel/testing';
import { openMongoHarness } from './testing/mongo-harness';

claimCheckConformance('MongoDB', openMongoHarness);
