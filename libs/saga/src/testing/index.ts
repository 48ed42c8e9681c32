export {
  arrived,
  begunChild,
  begunSaga,
  childEnded,
  completed,
  ended,
  failed,
  parentAsks,
  SagaUnderTest,
  STARTED_AT,
  startedSaga,
  undoAnswer,
} from './given-saga';
export type { Told } from './given-saga';
export { TEST_CATALOGUE, testPlan } from './plans';
export type { TestStep } from './plans';
export { journalOf, retoldEnds } from './journal-of';
export { STAY, tripPlan } from './family-stories';
export { STORIES } from './stories';
export { traceOf } from './trace';
export { viewOf } from './view-of';
