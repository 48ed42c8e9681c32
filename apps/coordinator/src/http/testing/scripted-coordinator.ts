import type { SagaDetail, SagaFeedEntry } from '@aura/contracts';
import { ok, type Result } from '@aura/kernel';
import type {
  CancelRefusal,
  Coordinator,
  MendRefusal,
  RerunRefusal,
  StartRequest,
  TransactionRefusal,
} from '@aura/saga';

const STARTED_AT = '2026-01-05T08:00:00.000Z';

/** A saga whose feed a test writes by hand. */
export class ScriptedSaga {
  readonly entries: SagaFeedEntry[] = [];
  /** Entries that were asked of the feed so far, over all readers. */
  asked = 0;
  /** Readers that hold the feed open now. */
  readers = 0;
  private readonly waiting = new Set<() => void>();

  constructor(
    readonly sagaId: string,
    readonly input: SagaDetail['input'] = {},
  ) {}

  get detail(): SagaDetail {
    const end = this.entries.find((entry) => entry.step === undefined && entry.status === 'completed');
    return {
      sagaId: this.sagaId,
      workflow: 'greet',
      version: '1.0.0',
      status: end ? 'completed' : 'running',
      run: 1,
      input: this.input,
      startedAt: STARTED_AT,
      durationMs: 5,
      steps: [],
      sequence: this.entries.length,
      ...(end ? { output: { greeting: 'hello' }, endedAt: STARTED_AT } : {}),
    };
  }

  /** Adds the end of a step, with as many bytes of data as wanted. */
  step(id: string, bytes = 0): void {
    this.add({
      type: 'ai.aura.greeted.v1',
      step: id,
      status: 'completed',
      data: { text: 'x'.repeat(bytes) },
    });
  }

  complete(): void {
    this.add({ type: 'ai.aura.saga.completed.v1', status: 'completed' });
  }

  async *feed(after: number, signal: AbortSignal): AsyncGenerator<SagaFeedEntry> {
    this.readers += 1;
    try {
      for (let index = after; !signal.aborted; index += 1) {
        this.asked += 1;
        const entry = this.entries[index] ?? (await this.added(index, signal));
        if (entry === undefined) return;
        yield entry;
        if (entry.step === undefined && entry.status === 'completed') return;
      }
    } finally {
      this.readers -= 1;
    }
  }

  private add(entry: Omit<SagaFeedEntry, 'sequence' | 'time'>): void {
    this.entries.push({ sequence: this.entries.length + 1, time: STARTED_AT, ...entry });
    this.waiting.forEach((wake) => wake());
  }

  private added(index: number, signal: AbortSignal): Promise<SagaFeedEntry | undefined> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve(this.entries[index]);
      };
      this.waiting.add(wake);
      signal.addEventListener('abort', wake);
    });
  }
}

function unknown(sagaId: string): CancelRefusal & MendRefusal & RerunRefusal {
  return { code: 'UNKNOWN_SAGA', message: `no saga ${sagaId}`, help: 'Check the id.' };
}

function noTransaction(transaction: string): TransactionRefusal {
  return { code: 'UNKNOWN_TRANSACTION', message: `no transaction ${transaction}`, help: 'Check the id.' };
}

/** A coordinator of scripted sagas for what is transport alone; single answers can be put in place of its own. */
export class ScriptedCoordinator {
  readonly sagas = new Map<string, ScriptedSaga>();
  readonly started: StartRequest[] = [];
  readonly coordinator: Coordinator;

  constructor(instead: Partial<Coordinator> = {}) {
    this.coordinator = {
      start: (request) => this.start(request),
      find: async (id) => this.sagas.get(id)?.detail,
      list: async () => ({ sagas: [] }),
      templates: async () => [],
      cancel: async (request) => ({ ok: false, error: unknown(request.sagaId) }),
      mend: async (request) => ({ ok: false, error: unknown(request.sagaId) }),
      rerun: async (request) => ({ ok: false, error: unknown(request.sagaId) }),
      planRerun: async () => undefined,
      compensation: async () => undefined,
      why: async (id) => (this.sagas.has(id) ? 'It waits for step greet until noon.' : undefined),
      feed: (id, after, signal) => this.saga(id).feed(after, signal),
      standing: async () => undefined,
      overdue: async () => [],
      unclaimed: async () => [],
      dropUnclaimed: async () => undefined,
      rebuild: async () => {
        throw new Error('no views are scripted');
      },
      transactions: {
        list: async () => [],
        show: async () => undefined,
        decide: async (request) => ({ ok: false, error: noTransaction(request.transaction) }),
        forget: async (request) => ({ ok: false, error: noTransaction(request.transaction) }),
      },
      roster: async () => [],
      definitions: async () => [],
      publishDefinition: async () => ({ ok: false, error: [] }),
      retireDefinition: async () => ok([]),
      checkDefinition: async () => [],
      ...instead,
    };
  }

  saga(id: string): ScriptedSaga {
    const saga = this.sagas.get(id) ?? new ScriptedSaga(id);
    this.sagas.set(id, saga);
    return saga;
  }

  private async start(
    request: StartRequest,
  ): Promise<Result<Awaited<ReturnType<typeof this.accept>>, never>> {
    return ok(this.accept(request));
  }

  private accept(request: StartRequest) {
    this.started.push(request);
    const sagaId = request.idempotencyKey ?? `saga-${this.started.length}`;
    const duplicate = this.sagas.has(sagaId);
    this.saga(sagaId);
    return { sagaId, workflow: request.workflow, version: '1.0.0', status: 'running' as const, duplicate };
  }
}
