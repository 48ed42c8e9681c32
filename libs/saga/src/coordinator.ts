import type {
  CompensationPlan,
  DefinitionProblem,
  DefinitionSummary,
  ExecuteAccepted,
  JsonValue,
  ParticipantSummary,
  RebuildReport,
  RerunPlan,
  SagaDetail,
  SagaFeedEntry,
  SagaStatus,
  SagaSummary,
  Standing,
  UnclaimedEvent,
  TransactionDetail,
  TransactionSummary,
  WorkflowTemplate,
} from '@aura/contracts';
import type { Result } from '@aura/kernel';
import type { TraceContext } from '@aura/messaging';

/** Who acts: from the edge into the journal. Without auth: `local:<os user>`. */
export interface Actor {
  readonly subject: string;
  readonly roles: readonly string[];
}

/** A wish to start a saga. */
export interface StartRequest {
  readonly workflow: string;
  readonly version?: string;
  readonly input: JsonValue;
  readonly userId?: string;
  readonly actor: Actor;
  /** The same key of the same actor starts one saga, whatever happens between. */
  readonly idempotencyKey?: string;
  /** Begins the trace of the request, once the saga's id is settled; the saga goes on from there. */
  readonly trace?: (sagaId: string) => TraceContext;
}

/** Why a saga was not started; each names what is wrong and what to do. */
export interface StartRefusal {
  readonly code:
    'UNKNOWN_WORKFLOW' | 'INVALID_INPUT' | 'NOT_ACTIVE' | 'OVERLOADED' | 'KEY_REUSED' | 'UNAVAILABLE';
  readonly message: string;
  readonly help: string;
  /** Path and reason for each violation of the input's schema. */
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
  /** Participants that are missing, for NOT_ACTIVE. */
  readonly waitsFor?: readonly string[];
  /** When to try again, for OVERLOADED and UNAVAILABLE. */
  readonly retryAfterMs?: number;
}

/** A wish that a saga goes no further. */
export interface CancelRequest {
  readonly sagaId: string;
  readonly actor: Actor;
  /** Default: `no reason given`. */
  readonly reason?: string;
}

/** Why a saga was not cancelled. */
export interface CancelRefusal {
  readonly code: 'UNKNOWN_SAGA' | 'SAGA_ENDED' | 'SAGA_APPLIED' | 'SAGA_GIVEN_UP';
  readonly message: string;
  readonly help: string;
  /** The pivot that is applied, so that the saga can only complete. */
  readonly applied?: readonly string[];
}

/** What a person does about a saga that waits for one. */
export interface MendRequest {
  readonly sagaId: string;
  /**
   * Of a saga whose undo failed: `retry` it, `skip` it (its effect stays), or `resolve` it (it was undone by hand). Of a
   * suspended one: `retry` its step, or `resume` with the step's output.
   */
  readonly command: 'retry' | 'skip' | 'resolve' | 'resume';
  readonly actor: Actor;
  /** Note or reason; default: `no reason given`. */
  readonly reason?: string;
  /** Absent: every undo that failed, or the step that suspended the saga. */
  readonly step?: string;
  /** Of `resume`: the step's output; default null. */
  readonly output?: JsonValue;
}

/** Why a saga was not mended. */
export interface MendRefusal {
  readonly code: 'UNKNOWN_SAGA' | 'CANNOT_MEND';
  readonly message: string;
  readonly help: string;
}

/** A wish that a saga goes on again from a step. */
export interface RerunRequest {
  readonly sagaId: string;
  readonly from: string;
  readonly actor: Actor;
  /** Default: `no reason given`. */
  readonly reason?: string;
}

/** Why a saga is not run again. */
export interface RerunRefusal {
  readonly code: 'UNKNOWN_SAGA' | 'CANNOT_RERUN';
  readonly message: string;
  readonly help: string;
}

/** Which sagas to list, newest first. Times in ms since 1970. */
export interface SagaQuery {
  /** Any of these; default all. */
  readonly status?: readonly SagaStatus[];
  readonly workflow?: string;
  readonly userId?: string;
  /** Started then or later. */
  readonly from?: number;
  /** Started before then. */
  readonly to?: number;
  /** Go on behind this saga. */
  readonly after?: SagaCursor;
  /** 1 to 200. */
  readonly limit: number;
}

/** A saga's place in the list. */
export interface SagaCursor {
  /** ms since 1970. */
  readonly startedAt: number;
  readonly sagaId: string;
}

/** One page of the list; `next` is absent on the last. */
export interface SagaPage {
  readonly sagas: readonly SagaSummary[];
  readonly next?: SagaCursor;
}

/** A workflow as something to start: the version that a start without one gets. */
export type Template = Omit<WorkflowTemplate, 'curl'>;

/** A wish that a definition takes no more sagas. */
export interface RetireRequest {
  readonly definition: string;
  /** Absent: every version. */
  readonly version?: string;
  readonly actor: Actor;
}

/** Why nothing was retired. */
export interface RetireRefusal {
  readonly code: 'UNKNOWN_DEFINITION';
  readonly message: string;
  readonly help: string;
}

/** A wish that an event is held no longer. */
export interface DropRequest {
  readonly source: string;
  readonly id: string;
  readonly actor: Actor;
  readonly reason: string;
}

/** Which transactions to show: what has not ended (`open`), or all that were not forgotten. */
export interface TransactionQueryRequest {
  readonly which: 'open' | 'all';
  readonly sagaId?: string | undefined;
}

/** A person decides a transaction, or answers for branches that do not. */
export interface DecideRequest {
  readonly transaction: string;
  readonly decision: 'committed' | 'aborted';
  readonly actor: Actor;
  /** Why; it stands in the journal. */
  readonly note: string;
}

/** A person takes a transaction that has ended off the board. */
export interface ForgetRequest {
  readonly transaction: string;
  readonly actor: Actor;
}

/** Why nothing was done about a transaction. */
export interface TransactionRefusal {
  readonly code: 'UNKNOWN_TRANSACTION' | 'CANNOT_DECIDE';
  readonly message: string;
  readonly help: string;
}

/** The in-doubt board. */
export interface InDoubtBoard {
  list(query: TransactionQueryRequest): Promise<readonly TransactionSummary[]>;
  show(transaction: string): Promise<TransactionDetail | undefined>;
  decide(request: DecideRequest): Promise<Result<TransactionDetail, TransactionRefusal>>;
  forget(request: ForgetRequest): Promise<Result<TransactionDetail, TransactionRefusal>>;
}

/** What the doors (HTTP, CLI, SDK) can ask of the coordinator. Every method rejects with `StoreUnavailableError` only. */
export interface Coordinator {
  /** Opens a saga's journal and publishes `saga.started`; resolves when both are durable and its view exists. */
  start(request: StartRequest): Promise<Result<ExecuteAccepted, StartRefusal>>;
  find(sagaId: string): Promise<SagaDetail | undefined>;
  /** Sagas by their views, which may be a second behind. */
  list(query: SagaQuery): Promise<SagaPage>;
  /**
   * Gives a saga up; it ends as `cancelled` once what it did is undone. One that is cancelled already is answered as it
   * stands; one whose pivot is applied can only complete.
   */
  cancel(request: CancelRequest): Promise<Result<SagaDetail, CancelRefusal>>;
  /** Mends a saga that is suspended, or whose undo failed. */
  mend(request: MendRequest): Promise<Result<SagaDetail, MendRefusal>>;
  /**
   * Has a saga that has ended or is suspended go on again from a step, as a new run: what is applied of the steps that run
   * again is undone first, ends of the others are carried over.
   */
  rerun(request: RerunRequest): Promise<Result<SagaDetail, RerunRefusal>>;
  /** What a rerun would do, or why it is refused; undefined when there is no such saga. */
  planRerun(sagaId: string, from: string): Promise<RerunPlan | undefined>;
  /** What is being undone, or would be if the saga were given up now. */
  compensation(sagaId: string): Promise<CompensationPlan | undefined>;
  /** One sentence: where the saga stands and why. */
  why(sagaId: string): Promise<string | undefined>;
  /** The saga's feed behind a sequence, read from the journal; goes on live until the saga has ended or `signal` aborts. */
  feed(sagaId: string, afterSequence: number, signal: AbortSignal): AsyncIterable<SagaFeedEntry>;
  /** What something that has not ended waits for: a saga, an event (`source id`), a dead letter, or a definition (`id@version`). */
  standing(id: string): Promise<Standing | undefined>;
  /** What is past the time that it said, or does not say what it waits for; at most 200 of each kind. */
  overdue(): Promise<readonly Standing[]>;
  /** Events whose saga is not known, oldest first; at most 1000. */
  unclaimed(): Promise<readonly UnclaimedEvent[]>;
  /** Gives an event up that waits for its saga; undefined when it is not held. */
  dropUnclaimed(request: DropRequest): Promise<UnclaimedEvent | undefined>;
  /** Makes views again from their journals; a dry run only looks. */
  rebuild(dryRun: boolean): Promise<RebuildReport>;
  /** Transactions: who is waited for, and what people do about them. */
  readonly transactions: InDoubtBoard;
  /** Every participant that ever announced itself, and which of its instances are there. */
  roster(): Promise<readonly ParticipantSummary[]>;
  definitions(): Promise<readonly DefinitionSummary[]>;
  /** One for each definition, by its id. */
  templates(): Promise<readonly Template[]>;
  /** Validates, compiles, stores and publishes; `text` is YAML or JSON. The same content again answers the same. */
  publishDefinition(
    text: string,
    file: string,
    actor: Actor,
  ): Promise<Result<DefinitionSummary, readonly DefinitionProblem[]>>;
  /**
   * Retires a definition: it takes no more sagas, those under way go on, and behind the last of them everybody unbinds
   * what no other definition needs. What is retired already is answered as it stands.
   */
  retireDefinition(request: RetireRequest): Promise<Result<readonly DefinitionSummary[], RetireRefusal>>;
  /** Only validates and compiles. */
  checkDefinition(text: string, file: string): Promise<readonly DefinitionProblem[]>;
}
