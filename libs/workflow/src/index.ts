export { defineAction } from './participant/action';
export type {
  Action,
  ActionContext,
  ActionResult,
  ComputedAction,
  ParticipantDefinition,
  PlainEvent,
  ResourceClaim,
  ResourceType,
  StatefulAction,
  Subscription,
} from './participant/action';
export type { Carries, FailurePolicy, Mapping, Plan, PlanStep, PlanTrigger, RetryPolicy } from './plan/plan';
