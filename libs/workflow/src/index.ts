export { defineAction } from './participant/action';
export type {
  Action,
  ActionContext,
  ActionResult,
  ComputedAction,
  ForeignAction,
  ParticipantDefinition,
  PlainEvent,
  ResourceAction,
  ResourceClaim,
  ResourceType,
  StatefulAction,
  Subscription,
  UndoCall,
} from './participant/action';
export type {
  Carries,
  FailurePolicy,
  Mapping,
  Plan,
  PlanStep,
  PlanTrigger,
  RetryPolicy,
  UndoPolicy,
} from './plan/plan';
export { awaitedType, BUILT_IN_PARTICIPANT } from './plan/built-in';
export type { BuiltIn, SagaStep, TransactionStep, WaitStep } from './plan/built-in';
export { undoPolicyOf } from './plan/undo-policy';
export { compileDefinition } from './definition/compile-definition';
export { outputSchemaOf } from './definition/output-schema';
export type { ActionCatalogue, OfferedAction } from './definition/offered-action';
export { compileSchema } from './definition/json-schema';
export type { SchemaCheck, Violation } from './definition/json-schema';
export { compileExpression } from './expression/expression';
export type { Expression, ExpressionProblem, ExpressionValues } from './expression/expression';
export { isCommand, participantsOf, planBindings, planKeys, rootsOf } from './plan/bindings';
export type { PlanBinding } from './plan/bindings';
export { canonicalJson, digestOf } from './plan/canonical-json';
export { evaluateMapping, mappingReads, valueAt } from './plan/mapping';
export type { MappingScope, Read } from './plan/mapping';
export { parsePlan } from './plan/parse-plan';
export { planDigest } from './plan/plan-digest';
export { compilePlan } from './plan/compiled-plan';
export type { CompiledPlan } from './plan/compiled-plan';
export { describeActions } from './participant/describe-actions';
export { startParticipant } from './participant/participant';
export type { ParticipantOptions, ParticipantPorts, RunningParticipant } from './participant/participant';
export { judgeJoin } from './participant/join';
export type { JoinVerdict } from './participant/join';
export { conditionOf } from './participant/condition';
export { carried } from './participant/scope';
export type { Scope } from './participant/scope';
export { stepsTriggeredBy } from './participant/place';
export { Barrier } from './barrier/barrier';
export type {
  AppliedClaim,
  ForeignPassage,
  ForeignReversal,
  Passage,
  Refusal,
  ResourcePassage,
  Reversal,
  Standing,
} from './barrier/passage';
export type { Claim } from './barrier/step-rows';
export type { RecordedEnd } from './barrier/recorded-end';
export { availableOf, heldBy, heldOf } from './holdings/holdings';
export type { Holdings, HoldingsChange } from './holdings/holdings';
export { defineHoldings } from './holdings/define-holdings';
export type { HoldingsFigures, HoldingsWish, HoldingsWords } from './holdings/define-holdings';
export { OPENING, openingRow } from './holdings/opening-row';
