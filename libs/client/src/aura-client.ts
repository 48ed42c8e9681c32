import type {
  CompensationPlan,
  DecideBody,
  MendBody,
  DefinitionProblem,
  DefinitionSummary,
  DropBody,
  HealthAnswer,
  ImageAccepted,
  ParticipantList,
  RebuildReport,
  RerunBody,
  RerunPlan,
  SagaDetail,
  SagaList,
  SagaStanding,
  SagaStatus,
  SagaSummary,
  Standing,
  UnclaimedEvent,
  TransactionDetail,
  TransactionList,
  WhyAnswer,
  WorkflowTemplate,
} from '@aura/contracts';
import type { ImageContent } from './image-content';
import type { AbortOption, SagaHandle, StartedSaga } from './saga-handle';
import type { AnyWorkflows, WorkflowMap } from './workflow-types';

/** Options of a start. */
export interface StartOptions extends AbortOption {
  readonly version?: string;
  /** The person whose saga it is. */
  readonly userId?: string;
  /** The same key starts one saga, however often it is sent; without one a start is never sent twice. */
  readonly idempotencyKey?: string;
}

/** Options of what takes a definition's text. */
export interface DefinitionOptions extends AbortOption {
  /** Name that problems carry; a name ending in `.json` makes the text JSON, any other YAML. */
  readonly file?: string;
}

/** Options of a cancel. */
export interface CancelOptions extends AbortOption {
  /** Stands in the saga's journal; at most 500 characters. */
  readonly reason?: string;
}

/** How a saga that waits for a person is mended. */
export interface MendOptions extends AbortOption, MendBody {
  /**
   * Of a saga whose undo failed: `retry` it, `skip` it (its effect stays), or `resolve` it (it was undone by hand). Of a
   * suspended one: `retry` its step, or `resume` with the step's `output`.
   */
  readonly command: 'retry' | 'skip' | 'resolve' | 'resume';
}

/** Which transactions are wanted; default: those that have not ended. */
export interface TransactionFilter {
  readonly which?: 'open' | 'all';
  readonly sagaId?: string;
}

/** What a person decides about a transaction, and why. */
export interface DecideOptions extends AbortOption, DecideBody {}

/** From which step a saga goes on again, and why. */
export interface RerunOptions extends AbortOption, RerunBody {}

/** Which event is given up, and why. */
export interface DropOptions extends AbortOption, DropBody {}

/** Which sagas are wanted; absent: all. */
export interface SagaFilter {
  readonly status?: readonly SagaStatus[];
  /** A definition's id. */
  readonly workflow?: string;
  readonly userId?: string;
  /** Started then or later. */
  readonly from?: Date;
  /** Started before then. */
  readonly to?: Date;
  /** Sagas of one page, 1 to 200; default 50. */
  readonly limit?: number;
}

/**
 * A client of one Aura. Rejects with `AuraProblemError` (Aura refused), `AuraUnreachableError` (nobody answered),
 * `UnexpectedAnswerError` (it is no Aura), or the reason of an abort. `Workflows`: what `aura types` made of the definitions;
 * with it, ids, inputs and outputs are checked by the compiler.
 */
export interface AuraClient<Workflows extends WorkflowMap<Workflows> = AnyWorkflows> {
  readonly url: string;
  start<Id extends keyof Workflows & string>(
    workflow: Id,
    input: Workflows[Id]['input'],
    options?: StartOptions,
  ): Promise<StartedSaga<Workflows[Id]['output']>>;
  /** A saga that exists. `Output` is believed, not checked. */
  saga<Output = Workflows[keyof Workflows]['output']>(sagaId: string): SagaHandle<Output>;
  get(sagaId: string, options?: AbortOption): Promise<SagaDetail>;
  /** How a saga stands, without its payloads. */
  status(sagaId: string, options?: AbortOption): Promise<SagaStanding>;
  /** Why it is where it is, in one sentence. */
  why(sagaId: string, options?: AbortOption): Promise<WhyAnswer>;
  /** What a saga undoes, or would if it were given up now. */
  compensation(sagaId: string, options?: AbortOption): Promise<CompensationPlan>;
  /** Mends a saga that is suspended, or whose undo failed; 409 `CANNOT_MEND` when it does not wait for this. */
  mend(sagaId: string, options: MendOptions): Promise<SagaDetail>;
  /** What a rerun from a step would undo, run again and carry over; `refusal` says why it is not possible. */
  planRerun(sagaId: string, from: string, options?: AbortOption): Promise<RerunPlan>;
  /** Has a saga that has ended or is suspended go on again from a step; 409 `CANNOT_RERUN` when it cannot. */
  rerun(sagaId: string, options: RerunOptions): Promise<SagaDetail>;
  /** The in-doubt board, newest first; at most 200. */
  transactions(filter?: TransactionFilter, options?: AbortOption): Promise<TransactionList['transactions']>;
  /** Votes, who is waited for, what is held, what happens next. */
  transaction(transaction: string, options?: AbortOption): Promise<TransactionDetail>;
  /** Aborts what is undecided, or answers for branches that do not. */
  decideTransaction(transaction: string, options: DecideOptions): Promise<TransactionDetail>;
  /** Takes a transaction that has ended off the board. */
  forgetTransaction(transaction: string, options?: AbortOption): Promise<TransactionDetail>;
  /** Resolves with the saga, cancelled now or before; rejects with what is applied when something is (409). */
  cancel(sagaId: string, options?: CancelOptions): Promise<SagaDetail>;
  /** One page, newest first; `next` is the cursor of the following one. */
  page(filter?: SagaFilter & { readonly cursor?: string }, options?: AbortOption): Promise<SagaList>;
  /** All of them, newest first, page by page as they are read. */
  list(filter?: SagaFilter, options?: AbortOption): AsyncIterable<SagaSummary>;
  /** What can be started: input schema and example of each workflow. */
  templates(options?: AbortOption): Promise<readonly WorkflowTemplate[]>;
  /** Keeps a picture; its digest is what a workflow's input names. `contentType` may be left out for a Blob that knows it. */
  uploadImage(content: ImageContent, contentType?: string, options?: AbortOption): Promise<ImageAccepted>;
  definitions(options?: AbortOption): Promise<readonly DefinitionSummary[]>;
  /** A refused definition rejects with `AuraProblemError`, the reasons in `problem.problems`. */
  publishDefinition(text: string, options?: DefinitionOptions): Promise<DefinitionSummary>;
  checkDefinition(text: string, options?: DefinitionOptions): Promise<readonly DefinitionProblem[]>;
  /** What something that has not ended waits for: a saga, an event (`source id`), a dead letter, a definition (`id@version`). */
  standing(id: string, options?: AbortOption): Promise<Standing>;
  /** What is past the time that it said, or does not say what it waits for. */
  overdue(options?: AbortOption): Promise<readonly Standing[]>;
  /** Events whose saga is not known, oldest first. */
  unclaimed(options?: AbortOption): Promise<readonly UnclaimedEvent[]>;
  /** Gives an event up that waits for its saga; 404 `EVENT_NOT_HELD` when it does not. */
  dropUnclaimed(options: DropOptions): Promise<UnclaimedEvent>;
  /** Makes views again from their journals; a dry run only looks. */
  rebuild(dryRun: boolean, options?: AbortOption): Promise<RebuildReport>;
  /** Which participants are there, and which are missing. */
  participants(options?: AbortOption): Promise<ParticipantList>;
  health(options?: AbortOption): Promise<HealthAnswer>;
}
