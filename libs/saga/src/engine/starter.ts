import { personId } from '@aura/contracts';
import type { ExecuteAccepted, JsonValue, ParentRef } from '@aura/contracts';
import {
  err,
  isAuraError,
  MOST_STATE_CHARACTERS,
  newSagaId,
  ok,
  sagaIdOfKey,
  sagaStream,
  stateSizeOf,
  StoreUnavailableError,
} from '@aura/kernel';
import type { AuraError, Result } from '@aura/kernel';
import { failSpan, tellingJournal } from '@aura/messaging';
import type { OutboundMessage, TellingJournal, TraceContext } from '@aura/messaging';
import { canonicalJson, compileSchema } from '@aura/workflow';
import type { CompiledPlan, SchemaCheck, Violation } from '@aura/workflow';
import type { Actor, StartRefusal, StartRequest } from '../coordinator';
import { decideRefused, decideStart } from '../machine/decide';
import type { Turn } from '../machine/decide';
import type { CancelledEntry, FailedEntry, StartedEntry } from '../machine/entry';
import { messagesOf } from '../machine/messages';
import { rowOf, startOf } from '../machine/row';
import type { TriggerRef } from '../machine/state';
import { NO_GAP } from '../machine/gap-since';
import type { Admission } from './admission';
import type { SagaBook } from './book';
import type { BookedSaga } from './booked-saga';
import type { Chronicle } from './chronicle';
import type { Definitions } from './definitions';
import type { CoordinatorOptions, CoordinatorPorts } from './ports';
import type { Recovery } from './recovery';
import { beginTrace } from './start-trace';
import { invalidInput, invalidPerson, keyReused, notActive, unavailable } from './start-refusals';
import type { ViewWriter } from './view-writer';
import { appendOneLeading } from './sequel';
import type { FindBeginning, FindSequel, Led, LeadingRow, LedTo, Said } from './sequel';
import { publishedWithRow, tellsOfWait } from './wait-views';

/** A start whose plan, input and id are settled. */
export interface SettledStart {
  readonly compiled: CompiledPlan;
  readonly sagaId: string;
  readonly input: JsonValue;
  readonly actor: Actor;
  readonly userId?: string;
  readonly trigger?: TriggerRef;
  /** Of a sub-saga: whose it is, and the partition in which the family lives. */
  readonly family?: { readonly parent: ParentRef; readonly partition: number };
  /** Trace context of what led to the start: a request, an event. */
  readonly cause?: TraceContext;
}

/** What the bus says when it refuses what a start says that stands in the journal; it is published later. */
const BUS_REFUSALS: readonly string[] = ['UNROUTABLE', 'BUS_FULL'];

/** What the starter works with. */
export interface StarterParts {
  readonly definitions: Definitions;
  readonly book: SagaBook;
  readonly views: ViewWriter;
  readonly admission: Admission;
  readonly recovery: Recovery;
  readonly chronicle: Chronicle;
  /** What a message of a first row leads to that the same instance has in hand. */
  readonly beginning: FindBeginning;
  /** Says what a row says, and what it led to; resolves when everything is confirmed. */
  readonly say: (messages: readonly OutboundMessage[], led?: LedTo) => Promise<void>;
}

/** Opens sagas: one row, `saga.started`, the view; each of them once, however often it is asked. */
export class Starter {
  private readonly checks = new Map<string, SchemaCheck>();
  private readonly telling: TellingJournal;

  constructor(
    private readonly ports: CoordinatorPorts,
    private readonly options: CoordinatorOptions,
    private readonly parts: StarterParts,
  ) {
    this.telling = tellingJournal(ports.bus, ports.journal);
  }

  /** Judges and starts what a client asks for. */
  async start(request: StartRequest): Promise<Result<ExecuteAccepted, StartRefusal>> {
    const answer = await this.answered(request);
    if (!answer.ok) this.parts.chronicle.refused(answer.error);
    return answer;
  }

  private async answered(request: StartRequest): Promise<Result<ExecuteAccepted, StartRefusal>> {
    try {
      return (await this.repeated(request)) ?? (await this.judged(request));
    } catch (error) {
      if (isRefusedByPorts(error)) return err(unavailable(error));
      throw error;
    }
  }

  private async judged(request: StartRequest): Promise<Result<ExecuteAccepted, StartRefusal>> {
    const found = await this.parts.definitions.active(request.workflow, request.version);
    if (!found.ok) return err(notActive(request, found.error));
    const compiled = found.value;
    const refusal = this.wrongIn(request, compiled) ?? this.parts.admission.refusal();
    if (refusal !== undefined) return err(refusal);
    const { actor, input, userId } = request;
    const sagaId = this.idFor(request);
    const start = { compiled, sagaId, input, actor, cause: request.trace?.(sagaId) ?? {} };
    return this.open(userId === undefined ? start : { ...start, userId });
  }

  private wrongIn(request: StartRequest, compiled: CompiledPlan): StartRefusal | undefined {
    const { userId, input } = request;
    if (userId !== undefined && !personId.safeParse(userId).success) return invalidPerson(userId);
    const errors = this.violations(compiled, input);
    return errors.length === 0 ? undefined : invalidInput(request, errors);
  }

  /** A key that has started a saga is answered with it, whatever has become of its definition and of the load since. */
  private async repeated(request: StartRequest): Promise<Result<ExecuteAccepted, StartRefusal> | undefined> {
    if (request.idempotencyKey === undefined) return undefined;
    const sagaId = this.idFor(request);
    const booked = (await this.parts.book.open([sagaId])).get(sagaId);
    if (booked === undefined) return undefined;
    const { plan } = booked.compiled;
    const isOther =
      request.workflow !== plan.definition || (request.version ?? plan.version) !== plan.version;
    return isOther ? err(keyReused()) : this.standing({ ...request, compiled: booked.compiled, sagaId });
  }

  private idFor({ idempotencyKey, actor }: StartRequest): string {
    return idempotencyKey === undefined
      ? newSagaId(this.ports.world)
      : sagaIdOfKey(actor.subject, idempotencyKey);
  }

  /** Violations of a plan's input schema and of the bound on a saga's size; none when it fits. */
  violations(compiled: CompiledPlan, input: JsonValue): readonly Violation[] {
    const size = stateSizeOf(input);
    if (size > MOST_STATE_CHARACTERS)
      return [
        {
          path: '',
          message: `has about ${size} characters, at most ${MOST_STATE_CHARACTERS} are allowed: pass large content by reference`,
        },
      ];
    const { digest, input: schema } = compiled.plan;
    const known = this.checks.get(digest);
    if (known !== undefined) return known(input);
    const check = compileSchema(schema);
    if (!check.ok) return [{ path: '', message: check.error }];
    this.checks.set(digest, check.value);
    return check.value(input);
  }

  /** Appends the first row, publishes, writes the view. A start that stands is answered as it stands. */
  async open(start: SettledStart): Promise<Result<ExecuteAccepted, StartRefusal>> {
    const { compiled, sagaId, cause = {} } = start;
    const { context, span } = beginTrace({ sagaId, definition: compiled.plan.definition, cause });
    try {
      return await this.append(start, context.traceparent);
    } catch (error) {
      if (span !== undefined) failSpan(span, error);
      throw error;
    } finally {
      span?.end();
    }
  }

  private async append(
    start: SettledStart,
    traceparent: string | undefined,
  ): Promise<Result<ExecuteAccepted, StartRefusal>> {
    const entry = this.entryOf(start, traceparent);
    const clock = { now: this.ports.world.clock.now(), gapSince: NO_GAP };
    const booked = await this.begin(start, decideStart(start.compiled, entry, start.input, clock), clock.now);
    if (booked === undefined) return this.standing(start);
    this.parts.admission.opened();
    return ok(accepted(booked, false));
  }

  /** Opens a sub-saga that does not begin, as ended. Nothing happens where its journal stands. */
  async refuse(start: SettledStart, end: FailedEntry | CancelledEntry): Promise<void> {
    const entry = this.entryOf(start, start.cause?.traceparent);
    const clock = { now: this.ports.world.clock.now(), gapSince: NO_GAP };
    await this.begin(start, decideRefused(start.compiled, entry, end, clock), clock.now);
  }

  /** Appends the first row and says what follows; undefined where another first row stands. */
  private async begin(
    { compiled, sagaId }: SettledStart,
    { entries, state }: Turn,
    at: number,
  ): Promise<BookedSaga | undefined> {
    const row = rowOf({ saga: sagaId, seq: state.seq, at, partition: state.partition }, entries);
    const unpublished = messagesOf(compiled, state, { entries, at });
    const booked: BookedSaga = { compiled, state, publishedSeq: 0, unpublished };
    const find: FindSequel = (message) => this.parts.beginning(message, booked);
    const telling = { row, publish: publishedWithRow(booked), find };
    const came = await this.appendFirst(sagaId, telling);
    if (came.result === 'conflict') return undefined;
    this.parts.book.begun(booked, entries);
    await this.publish(booked, tellsOfWait(booked) ? undefined : came);
    return booked;
  }

  /** Where nobody knows whether it stands, it is looked for once more, and goes on if it does. */
  private async appendFirst(saga: string, telling: LeadingRow): Promise<Led> {
    try {
      return await appendOneLeading(this.telling, telling);
    } catch (error) {
      this.parts.recovery.openSaga(saga);
      throw error;
    }
  }

  /** `came`: what is left of it to say, where it is not all. */
  private async publish(
    booked: BookedSaga,
    { left, led }: Said = { left: booked.unpublished },
  ): Promise<void> {
    const { book, views, recovery, say } = this.parts;
    try {
      await views.waitsFirst([booked]);
      await say(left, led);
    } catch (error) {
      // It stands in the journal, so it will run; what it says is said later. Of a saga that has its view whoever asked is told so.
      views.changed(booked, true);
      recovery.openSaga(booked.state.saga);
      if (!isRefusedByPorts(error)) throw error;
      return views.writeNow(booked);
    }
    // By now its first steps may have been tracked: the view is written from whatever stands.
    await views.writeNow(book.published(booked));
  }

  private async standing(start: SettledStart): Promise<Result<ExecuteAccepted, StartRefusal>> {
    const booked = (await this.parts.book.open([start.sagaId])).get(start.sagaId);
    const rows = await this.ports.journal.read(sagaStream(start.sagaId));
    const [first] = rows;
    if (booked === undefined || first === undefined)
      throw new StoreUnavailableError(`saga ${start.sagaId} stands, but its journal or plan cannot be read`);
    if (!isSameStart(start, booked, startOf(first).input)) return err(keyReused());
    if (booked.publishedSeq < 1) await this.publish(booked);
    return ok(accepted(booked, true));
  }

  private entryOf(start: SettledStart, traceparent: string | undefined): StartedEntry {
    const { compiled, sagaId, actor, userId, trigger, family } = start;
    return {
      kind: 'started',
      saga: sagaId,
      digest: compiled.plan.digest,
      partition: family?.partition ?? partitionOf(sagaId, this.options.partitions),
      actor,
      ...(userId === undefined ? {} : { userId }),
      ...(trigger === undefined ? {} : { trigger }),
      ...(family === undefined ? {} : { parent: family.parent }),
      ...(traceparent === undefined ? {} : { traceparent }),
    };
  }
}

function isSameStart(start: SettledStart, { compiled, state }: BookedSaga, input: JsonValue): boolean {
  return (
    compiled.plan.definition === start.compiled.plan.definition &&
    state.userId === start.userId &&
    canonicalJson(input) === canonicalJson(start.input)
  );
}

function isRefusedByPorts(error: unknown): error is AuraError {
  return error instanceof StoreUnavailableError || (isAuraError(error) && BUS_REFUSALS.includes(error.code));
}

/** Partition of a new saga: FNV-1a over its id, 32 bit, modulo the number of partitions. */
export function partitionOf(sagaId: string, partitions: number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < sagaId.length; i++) hash = Math.imul(hash ^ sagaId.charCodeAt(i), 0x01000193) >>> 0;
  return hash % partitions;
}

function accepted({ state, compiled }: BookedSaga, duplicate: boolean): ExecuteAccepted {
  const { definition, version } = compiled.plan;
  return { sagaId: state.saga, workflow: definition, version, status: state.status, duplicate };
}
