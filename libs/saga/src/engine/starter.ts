import type { ExecuteAccepted, JsonObject, JsonValue } from '@aura/contracts';
import { err, newSagaId, ok, sagaIdOfKey, sagaStream, StoreUnavailableError } from '@aura/kernel';
import type { Result } from '@aura/kernel';
import { compileSchema } from '@aura/workflow';
import type { CompiledPlan, SchemaCheck, Violation } from '@aura/workflow';
import type { Actor, StartRefusal, StartRequest } from '../coordinator';
import { begin } from '../machine/evolve';
import type { StartedEntry } from '../machine/entry';
import { messagesOf } from '../machine/messages';
import { rowOf, startOf } from '../machine/row';
import type { TriggerRef } from '../machine/state';
import type { Admission } from './admission';
import type { BookedSaga, SagaBook } from './book';
import type { Definitions } from './definitions';
import type { CoordinatorOptions, CoordinatorPorts } from './ports';
import type { ViewWriter } from './view-writer';

/** A start whose plan, input and id are settled. */
export interface SettledStart {
  readonly compiled: CompiledPlan;
  readonly sagaId: string;
  readonly input: JsonValue;
  readonly actor: Actor;
  readonly userId?: string;
  readonly trigger?: TriggerRef;
  readonly traceparent?: string;
}

/** How long a start waits for the broker before it says that it cannot, ms. */
const RETRY_AFTER_MS = 5000;

/** What the starter works with. */
export interface StarterParts {
  readonly definitions: Definitions;
  readonly book: SagaBook;
  readonly views: ViewWriter;
  readonly admission: Admission;
}

/** Opens sagas: one row, `saga.started`, the view; each of them once, however often it is asked. */
export class Starter {
  private readonly checks = new Map<string, SchemaCheck>();

  constructor(
    private readonly ports: CoordinatorPorts,
    private readonly options: CoordinatorOptions,
    private readonly parts: StarterParts,
  ) {}

  /** Judges and starts what a client asks for. */
  async start(request: StartRequest): Promise<Result<ExecuteAccepted, StartRefusal>> {
    const found = await this.parts.definitions.active(request.workflow, request.version);
    if (!found.ok) return err(notActive(request, found.error));
    const compiled = found.value;
    const errors = this.violations(compiled, request.input);
    if (errors.length > 0) return err(invalidInput(request, errors));
    const full = this.parts.admission.refusal();
    if (full !== undefined) return err(full);
    const { idempotencyKey, actor, input, userId } = request;
    const sagaId =
      idempotencyKey === undefined ? newSagaId(this.ports.world) : sagaIdOfKey(actor.subject, idempotencyKey);
    try {
      return await this.open({ compiled, sagaId, input, actor, ...(userId === undefined ? {} : { userId }) });
    } catch (error) {
      if (error instanceof StoreUnavailableError) return err(unavailable(error));
      throw error;
    }
  }

  /** Violations of a plan's input schema; none when it fits. */
  violations(compiled: CompiledPlan, input: JsonValue): readonly Violation[] {
    const { digest, input: schema } = compiled.plan;
    const known = this.checks.get(digest);
    if (known !== undefined) return known(input);
    const check = compileSchema(schema as JsonObject | boolean);
    if (!check.ok) return [{ path: '', message: check.error }];
    this.checks.set(digest, check.value);
    return check.value(input);
  }

  /** Appends the first row, publishes, writes the view. A start that stands is answered as it stands. */
  async open(start: SettledStart): Promise<Result<ExecuteAccepted, StartRefusal>> {
    const { compiled, sagaId } = start;
    const entry = this.entryOf(start);
    const at = this.ports.world.clock.now();
    const paid = { entry, payload: start.input };
    const row = rowOf({ saga: sagaId, seq: 1, at, partition: entry.partition }, [paid]);
    const [result] = await this.ports.journal.append([row]);
    if (result === 'conflict') return this.standing(start);
    const state = begin(entry, start.input, { seq: 1, at });
    const booked: BookedSaga = {
      compiled,
      state,
      publishedSeq: 0,
      unpublished: messagesOf(compiled, state, { entries: [paid], at }),
    };
    this.parts.book.keep(booked);
    await this.publish(booked);
    this.parts.admission.opened();
    return ok(accepted(booked, false));
  }

  private async publish(booked: BookedSaga): Promise<void> {
    await this.ports.bus.publish(booked.unpublished);
    const { saga, seq } = booked.state;
    // By now its first steps may have been tracked: the view is written from whatever stands.
    const current = this.parts.book.published(saga, seq) ?? { ...booked, publishedSeq: seq, unpublished: [] };
    await this.parts.views.writeNow(current);
  }

  private async standing(start: SettledStart): Promise<Result<ExecuteAccepted, StartRefusal>> {
    const booked = (await this.parts.book.open([start.sagaId])).get(start.sagaId);
    const rows = await this.ports.journal.read(sagaStream(start.sagaId));
    const [first] = rows;
    if (booked === undefined || first === undefined)
      throw new StoreUnavailableError(`saga ${start.sagaId} stands, but its journal or plan cannot be read`);
    const known = startOf(first);
    const isSame = JSON.stringify(known.input) === JSON.stringify(start.input);
    if (!isSame || booked.compiled.plan.definition !== start.compiled.plan.definition)
      return err(keyReused());
    if (booked.publishedSeq < 1) await this.publish(booked);
    return ok(accepted(booked, true));
  }

  private entryOf(start: SettledStart): StartedEntry {
    const { compiled, sagaId, actor, userId, trigger, traceparent } = start;
    return {
      kind: 'started',
      saga: sagaId,
      digest: compiled.plan.digest,
      partition: partitionOf(sagaId, this.options.partitions),
      actor,
      ...(userId === undefined ? {} : { userId }),
      ...(trigger === undefined ? {} : { trigger }),
      ...(traceparent === undefined ? {} : { traceparent }),
    };
  }
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

function notActive({ workflow, version }: StartRequest, why: 'unknown' | readonly string[]): StartRefusal {
  const name = version === undefined ? workflow : `${workflow} ${version}`;
  if (why === 'unknown')
    return {
      code: 'UNKNOWN_WORKFLOW',
      message: `there is no workflow ${name}`,
      help: 'List the workflows that are there: GET /api/v1/definitions, or aura definitions list.',
    };
  return {
    code: 'NOT_ACTIVE',
    message: `workflow ${name} waits for its participants: ${why.join(', ')}`,
    help: 'Start these participants, or wait until they have confirmed.',
    retryAfterMs: RETRY_AFTER_MS,
  };
}

function invalidInput({ workflow }: StartRequest, errors: readonly Violation[]): StartRefusal {
  return {
    code: 'INVALID_INPUT',
    message: `the input does not fit workflow ${workflow}: ${errors.map(({ path, message }) => `${path || 'input'} ${message}`).join('; ')}`,
    help: "The workflow's input schema and an example: aura definitions list, or GET /api/v1/definitions.",
    errors,
  };
}

function keyReused(): StartRefusal {
  return {
    code: 'KEY_REUSED',
    message: 'this idempotency key has started another saga, with another workflow or input',
    help: 'Use a new key for a new start; repeat a key only with the very same request.',
  };
}

function unavailable(error: StoreUnavailableError): StartRefusal {
  return { code: 'UNAVAILABLE', message: error.message, help: error.help, retryAfterMs: RETRY_AFTER_MS };
}
