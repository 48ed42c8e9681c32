import type { Coordinator, InDoubtBoard } from '../coordinator';
import type { Feed } from './feed';
import type { Interventions } from './interventions';
import type { EngineParts } from './open-parts';
import type { Operations } from './operations';
import type { Presence } from './presence';
import type { Reruns } from './reruns';
import { listSagas } from './saga-list';
import type { SagaQuestions } from './saga-questions';
import type { Starter } from './starter';

/** Who answers what the doors ask. */
export interface FaceParts {
  readonly parts: EngineParts;
  readonly starter: Starter;
  readonly questions: SagaQuestions;
  readonly interventions: Interventions;
  readonly reruns: Reruns;
  readonly feeds: Feed;
  readonly presence: Presence;
  readonly operations: Operations;
  readonly board: InDoubtBoard;
}

/** What the doors can ask of a coordinator, each question given to whoever answers it. */
export function faceOf(face: FaceParts): Coordinator {
  const { starter, questions, interventions, reruns, feeds, presence, operations, board } = face;
  const { sagas, definitions, catalogue, store } = face.parts;
  return {
    ...operations,
    start: (request) => starter.start(request),
    find: (sagaId) => questions.find(sagaId),
    list: (query) => listSagas(sagas, query),
    cancel: (request) => interventions.cancel(request),
    mend: (request) => interventions.mend(request),
    rerun: (request) => reruns.run(request),
    planRerun: (sagaId, from) => reruns.plan(sagaId, from),
    compensation: (sagaId) => questions.compensation(sagaId),
    why: (sagaId) => questions.why(sagaId),
    feed: (sagaId, afterSequence, signal) => feeds.follow(sagaId, afterSequence, signal),
    transactions: board,
    roster: () => presence.roster(),
    definitions: () => definitions.list(),
    templates: () => definitions.templates(),
    publishDefinition: (text, file, actor) => definitions.publish(text, file, actor),
    retireDefinition: (request) => definitions.retire(request),
    checkDefinition: async (text, file) => {
      await Promise.all([catalogue.refresh(), store.refresh()]);
      return definitions.check(text, file);
    },
  };
}
