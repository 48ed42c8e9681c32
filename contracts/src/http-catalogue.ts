import type { z } from 'zod';
import * as http from './http';
import { compensationPlan, mendRequest } from './http-compensation';
import * as liveness from './http-liveness';
import { rerunPlan, rerunRequest } from './http-rerun';
import * as transactions from './http-transactions';

/** Every HTTP shape by the name of its generated schema. */
export const httpCatalogue: ReadonlyMap<string, z.ZodType> = new Map<string, z.ZodType>([
  ['execute-request', http.executeRequest],
  ['execute-accepted', http.executeAccepted],
  ['step-detail', http.stepDetail],
  ['saga-detail', http.sagaDetail],
  ['saga-standing', http.sagaStanding],
  ['saga-summary', http.sagaSummary],
  ['saga-list', http.sagaList],
  ['saga-feed-entry', http.sagaFeedEntry],
  ['why-answer', http.whyAnswer],
  ['definition-summary', http.definitionSummary],
  ['definition-problem', http.definitionProblem],
  ['definition-list', http.definitionList],
  ['definition-check', http.definitionCheck],
  ['workflow-template', http.workflowTemplate],
  ['template-list', http.templateList],
  ['image-accepted', http.imageAccepted],
  ['welcome', http.welcome],
  ['health-answer', http.healthAnswer],
  ['compensation-plan', compensationPlan],
  ['mend-request', mendRequest],
  ['unclaimed-event', liveness.unclaimedEvent],
  ['unclaimed-list', liveness.unclaimedList],
  ['drop-request', liveness.dropRequest],
  ['standing', liveness.standing],
  ['overdue-list', liveness.overdueList],
  ['rebuild-request', liveness.rebuildRequest],
  ['rebuild-report', liveness.rebuildReport],
  ['rerun-plan', rerunPlan],
  ['rerun-request', rerunRequest],
  ['transaction-summary', transactions.transactionSummary],
  ['transaction-detail', transactions.transactionDetail],
  ['transaction-list', transactions.transactionList],
  ['decide-request', transactions.decideRequest],
  ['live-answer', http.liveAnswer],
  ['dependency-state', http.dependencyState],
  ['ready-answer', http.readyAnswer],
  ['participant-instance', http.participantInstance],
  ['participant-summary', http.participantSummary],
  ['participant-list', http.participantList],
  ['problem-details', http.problemDetails],
]);
