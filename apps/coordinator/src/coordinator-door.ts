import { StoreUnavailableError } from '@aura/kernel';
import type { ClaimCheck, Journal } from '@aura/kernel';
import { AURA_VERSION, Authenticator, healthModule, listen, requireSafeBinding, Work } from '@aura/nest';
import type { AuraRuntime, Dependency, MetricsSource } from '@aura/nest';
import { traceOfSaga } from '@aura/saga';
import type { RunningCoordinator } from '@aura/saga';
import { PrometheusMeter } from '@aura/telemetry';
import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { CoordinatorHealth } from './coordinator-health';
import { createHttpApp, httpModule, identifyBy } from './http';
import type { HttpDependencies, HttpSettings } from './http';

/** How the door of a coordinator is opened. */
export interface CoordinatorDoorOptions {
  /** 0: any free port. */
  readonly port: number;
  /** Default 127.0.0.1. Another than a loopback address needs an authenticator that asks. */
  readonly host?: string;
  /** Default `move`. */
  readonly whenBusy?: 'move' | 'refuse';
  /** Default: nobody is asked, who acts is the local user. */
  readonly authenticator?: Authenticator;
  readonly http?: Partial<HttpSettings>;
  readonly metrics?: MetricsSource;
  readonly log: (line: string) => void;
}

/** The process that the door stands in. */
export interface DoorProcess {
  readonly mode: 'embedded' | 'servers';
  readonly instance: string;
  /** What it cannot work without. */
  dependencies(): readonly Dependency[];
}

/** What stands behind an open door once it runs. */
export interface BehindDoor {
  readonly coordinator: RunningCoordinator;
  /** The journals of sagas. */
  readonly journal: Journal;
  /** What a workflow waits for that ships with Aura and cannot be published yet. */
  pending(workflow: string): readonly string[] | undefined;
  readonly runtime: AuraRuntime;
}

@Module({})
class CoordinatorModule {}

/**
 * The HTTP door of a coordinator. It is open before the coordinator runs, and says then what is waited for: health
 * answers, everything else is 503 with `Retry-After`.
 */
export class CoordinatorDoor {
  private readonly work = new Work('coordinator');
  private behind: BehindDoor | undefined;

  private constructor(
    private readonly process: DoorProcess,
    private readonly options: CoordinatorDoorOptions,
  ) {}

  private app: NestFastifyApplication | undefined;
  private address = '';

  /** Errors: `UnsafeSetupError` for a busy port that may not move, and for an address that is not safe. */
  static async open(process: DoorProcess, options: CoordinatorDoorOptions): Promise<CoordinatorDoor> {
    const door = new CoordinatorDoor(process, options);
    await door.listen();
    return door;
  }

  /** E.g. `http://127.0.0.1:8006`. */
  get url(): string {
    return this.address;
  }

  /** From now on requests are served. */
  serve(behind: BehindDoor): void {
    this.behind = behind;
    this.work.begin(behind.runtime.bus);
  }

  /** Finishes the requests in hand and takes no more. */
  async close(): Promise<void> {
    this.work.end();
    await this.app?.close();
  }

  private async listen(): Promise<void> {
    const { port, host = '127.0.0.1', whenBusy = 'move', http, log } = this.options;
    const authenticator = this.options.authenticator ?? Authenticator.of({});
    requireSafeBinding(host, authenticator.isAsking);
    this.app = await createHttpApp(this.root(authenticator), {
      log,
      ...(http === undefined ? {} : { settings: http }),
    });
    try {
      this.address = await listen(this.app, { port, host, whenBusy, log });
    } catch (error) {
      await this.app.close();
      throw error;
    }
  }

  private root(authenticator: Authenticator): DynamicModule {
    const { instance } = this.process;
    const dependencies = (): readonly Dependency[] => [...this.process.dependencies(), this.work];
    const source = { service: 'coordinator', version: AURA_VERSION, instance, dependencies };
    return {
      module: CoordinatorModule,
      imports: [
        healthModule(source, this.options.metrics ?? new PrometheusMeter()),
        httpModule(this.dependencies(authenticator)),
      ],
    };
  }

  private dependencies(authenticator: Authenticator): HttpDependencies {
    const health = new CoordinatorHealth({
      ...this.process,
      dependencies: () => [...this.process.dependencies(), this.work],
      running: () => this.behind && { coordinator: this.behind.coordinator, bus: this.behind.runtime.bus },
    });
    const running = (): BehindDoor => this.running();
    const { http, log } = this.options;
    return {
      get coordinator(): RunningCoordinator {
        return running().coordinator;
      },
      get claims(): ClaimCheck {
        return running().runtime.claims;
      },
      pending: (workflow) => this.behind?.pending(workflow),
      traceOf: (sagaId) => traceOfSaga(running().journal, sagaId),
      health: () => health.answer(),
      identify: identifyBy(authenticator),
      ...(http === undefined ? {} : { settings: http }),
      log,
    };
  }

  private running(): BehindDoor {
    if (this.behind !== undefined) return this.behind;
    throw new StoreUnavailableError('the coordinator does not run yet; /health/ready says what it waits for');
  }
}
