import type { HealthAnswer } from '@aura/contracts';
import { StoreUnavailableError } from '@aura/kernel';
import type { EventBus } from '@aura/messaging';
import { AURA_VERSION, Readiness } from '@aura/nest';
import type { Dependency } from '@aura/nest';
import type { RunningCoordinator } from '@aura/saga';

/** What a coordinator's process says of itself, whether it runs yet or still waits. */
export interface HealthFacts {
  readonly mode: 'embedded' | 'servers';
  readonly instance: string;
  /** What the process cannot work without. */
  dependencies(): readonly Dependency[];
  /** Absent while it waits for its servers. */
  running(): { readonly coordinator: RunningCoordinator; readonly bus: EventBus } | undefined;
}

/** `GET /health`: how Aura as a whole stands, seen from a coordinator. Answers in under a second, also when a store hangs. */
export class CoordinatorHealth {
  private readonly readiness: Readiness;

  constructor(private readonly facts: HealthFacts) {
    this.readiness = new Readiness(() => [...facts.dependencies(), this.participants()]);
  }

  async answer(): Promise<HealthAnswer> {
    const { mode, instance } = this.facts;
    const running = this.facts.running();
    const states = await this.readiness.report();
    const reasons = states.flatMap(({ name, reason }) =>
      reason === undefined ? [] : [`${name}: ${reason}`],
    );
    return {
      status: reasons.length === 0 ? 'ok' : 'degraded',
      version: AURA_VERSION,
      instance,
      mode,
      bus: running?.bus.health().status ?? 'down',
      reasons,
      participants: [...(running?.coordinator.participants() ?? [])],
    };
  }

  /** Missing ones are no reason to send requests elsewhere, but one to look. */
  private participants(): Dependency {
    return {
      name: 'participants',
      check: async () => {
        const roster = (await this.facts.running()?.coordinator.roster()) ?? [];
        const missing = roster.filter(({ status, neededBy }) => status === 'missing' && neededBy.length > 0);
        if (missing.length === 0) return;
        const told = missing.map(
          ({ participant, neededBy }) => `${participant} (for ${neededBy.join(', ')})`,
        );
        throw new StoreUnavailableError(`missing: ${told.join('; ')}`);
      },
    };
  }
}
