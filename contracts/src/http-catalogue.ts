import type { z } from 'zod';
import * as http from './http';

/** Every HTTP shape by the name of its generated schema. */
export const httpCatalogue: ReadonlyMap<string, z.ZodType> = new Map<string, z.ZodType>([
  ['execute-request', http.executeRequest],
  ['execute-accepted', http.executeAccepted],
  ['step-detail', http.stepDetail],
  ['saga-detail', http.sagaDetail],
  ['saga-feed-entry', http.sagaFeedEntry],
  ['why-answer', http.whyAnswer],
  ['definition-summary', http.definitionSummary],
  ['definition-problem', http.definitionProblem],
  ['definition-list', http.definitionList],
  ['definition-check', http.definitionCheck],
  ['image-accepted', http.imageAccepted],
  ['health-answer', http.healthAnswer],
  ['problem-details', http.problemDetails],
]);
