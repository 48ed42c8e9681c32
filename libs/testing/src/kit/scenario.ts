import type { CloudEvent, JsonValue, SagaDetail } from '@aura/contracts';
import type { AuditReport, Coordinator, CoordinatorOptions } from '@aura/saga';
import type { ParticipantDefinition, ResourceType } from '@aura/workflow';

/**
 * What a person does about a saga. Asked again when the coordinator dies before it has answered, as a person would: so it
 * looks first how the saga stands.
 */
export type PersonalAct = (coordinator: Coordinator, sagaId: string) => Promise<unknown>;

/** A wish to run a saga. */
export interface When {
  /** Id of a definition. */
  readonly workflow: string;
  /** Absent: the newest active version. */
  readonly version?: string;
  /** Default: an empty object. */
  readonly input?: JsonValue;
  /** The person whose saga it is. */
  readonly userId?: string;
  /** What people do about the saga, one after the other, each once it has ended or waits for a person. */
  readonly afterwards?: readonly PersonalAct[];
}

/** What a saga finds. */
export interface Given {
  /** Definitions: YAML or JSON text, or the object that the text would describe. */
  readonly definitions: readonly (string | JsonValue)[];
  /** The services with their handlers, as production starts them. */
  readonly participants: readonly ParticipantDefinition[];
  /** Sagas that ran to their end before, one after the other. */
  readonly sagas?: readonly When[];
  /** Instances of each participant; default 1. In a simulation both are 2 by default. */
  readonly instances?: number;
  /** Coordinators; default 1. */
  readonly coordinators?: number;
  readonly coordinator?: Partial<CoordinatorOptions>;
  /** Default `1`: another seed gives other random numbers and ids. */
  readonly seed?: string;
}

/** How a saga came out. */
export interface Outcome {
  /** The saga as `GET /api/v1/workflows/:id` shows it. */
  readonly saga: SagaDetail;
  /** Every event that was published for the saga, each once, in the order of their first publication. */
  readonly events: readonly CloudEvent[];
  /** Output of a step that completed, also by its fallback or default. */
  output(step: string): JsonValue | undefined;
  /** A resource as its journal folds it. */
  resource<S>(type: ResourceType<S>, id: string): S;
  /** Adds all journals up: `discrepancies` is empty when every effect belongs to a saga that ended so that it stands. */
  audit(): Promise<AuditReport>;
  /** What the runtime warned of while it ran. */
  readonly warnings: readonly string[];
}
