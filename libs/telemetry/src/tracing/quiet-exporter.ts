import type { Log } from '@aura/kernel';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { KnownExporter } from './exporters';

type Done = Parameters<SpanExporter['export']>[1];
type Result = Parameters<Done>[0];

/** Result codes of an export, as the SDK has them. */
const FINE = 0;
const FAILED = 1;

/**
 * An exporter whose failures disturb nobody: they are told once, and once more when it works again. Spans that could not
 * be sent are lost; sagas go on.
 *
 * - `unproven`: at the start and after a failure; asks whether anybody is there before it hands spans on, since an exporter
 *   that meets nobody tries again and again, and keeps a process from ending.
 * - `working`: after a success; hands spans on.
 */
export class QuietExporter implements SpanExporter {
  private opened: Promise<SpanExporter> | undefined;
  /** Settles when all spans so far were handed on, or cannot be. */
  private onTheWay: Promise<void> = Promise.resolve();
  private mode: 'unproven' | 'working' = 'unproven';
  private isTold = false;
  private isClosed = false;

  constructor(
    private readonly known: KnownExporter,
    private readonly log: Log,
  ) {}

  /** Hands spans on; an exporter that throws is one that failed. */
  export(spans: ReadableSpan[], done: Done): void {
    void this.attempt(spans).then((result) => {
      if (result.code === FINE) this.enterWorking();
      else this.enterUnproven(result.error);
      done(result);
    });
  }

  /**
   * Stops the exporter, whether it wants or not, behind the spans that are on their way to it; one that had nothing to send
   * is never opened.
   */
  async shutdown(): Promise<void> {
    this.isClosed = true;
    await this.onTheWay;
    await this.opened
      ?.then((exporter) => exporter.shutdown())
      .catch((error: unknown) => this.enterUnproven(asError(error)));
  }

  /** Nothing waits here. */
  forceFlush(): Promise<void> {
    return Promise.resolve();
  }

  private async attempt(spans: ReadableSpan[]): Promise<Result> {
    try {
      const ready = this.ready();
      const before = this.onTheWay;
      this.onTheWay = ready.then(
        () => before,
        () => before,
      );
      const exporter = await ready;
      return await new Promise<Result>((resolve) => exporter.export(spans, resolve));
    } catch (error) {
      return { code: FAILED, error: asError(error) };
    }
  }

  private async ready(): Promise<SpanExporter> {
    if (this.isClosed) throw new Error('the exporter was shut down');
    if (this.mode === 'unproven' && !(await this.known.isReachable()))
      throw new Error('nobody listens where the traces are to go');
    // One that could not be opened is opened anew by the next spans.
    this.opened ??= this.known.open().catch((error: unknown) => {
      this.opened = undefined;
      throw error;
    });
    return this.opened;
  }

  private enterWorking(): void {
    if (this.isTold) this.log.info('traces are exported again');
    this.isTold = false;
    this.mode = 'working';
  }

  private enterUnproven(error: Error | undefined): void {
    this.mode = 'unproven';
    if (this.isTold || this.isClosed) return;
    this.isTold = true;
    this.log.info('traces cannot be exported; spans are dropped until that works', { error });
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
