import { hasEnded } from '@aura/contracts';
import type { AuraClient } from '@aura/client';
import { randomUUID } from 'node:crypto';
import { eventually } from '../lab/eventually';
import type { StartedLab } from './audit';
import { LAB_DEFINITIONS } from './lab-definitions';

/** Names of the lab's workflows. */
export const LAB_WORKFLOWS: readonly string[] = LAB_DEFINITIONS.map(
  (definition) => (definition as { readonly id: string }).id,
);

/** Sagas of the lab on their way; each counts with a counter of its own. */
export class Flight {
  private readonly acknowledged: StartedLab[] = [];

  constructor(private readonly client: AuraClient) {}

  /** Every saga whose start was acknowledged. */
  get started(): readonly StartedLab[] {
    return this.acknowledged;
  }

  /** Starts so many sagas, of all workflows in turn, whose steps take `delayMs` each. Starts are sent until answered. */
  async launch(many: number, delayMs: number): Promise<void> {
    const workflows = Array.from({ length: many }, (_, n) => LAB_WORKFLOWS[n % LAB_WORKFLOWS.length] ?? '');
    await Promise.all(workflows.map((workflow) => this.start(workflow, delayMs)));
  }

  /** Starts a saga of one workflow. */
  async start(workflow: string, delayMs: number): Promise<StartedLab> {
    const item = randomUUID();
    const { sagaId } = await this.client.start(workflow, { item, delayMs }, { idempotencyKey: item });
    const started = { sagaId, workflow, item };
    this.acknowledged.push(started);
    return started;
  }

  /** Waits until every acknowledged saga has ended. Errors: names those that have not, with what they wait for. */
  async landed(withinMs: number): Promise<void> {
    const open = new Set(this.acknowledged.map(({ sagaId }) => sagaId));
    await eventually('all sagas have ended', () => this.look(open), withinMs).catch(
      async (error: unknown) => {
        const whys = await Promise.all([...open].map((sagaId) => this.client.why(sagaId)));
        throw new Error(`${open.size} sagas have not ended: ${whys.map(({ why }) => why).join('; ')}`, {
          cause: error,
        });
      },
    );
  }

  private async look(open: Set<string>): Promise<true | undefined> {
    for (const sagaId of open) {
      const { status } = await this.client.get(sagaId);
      if (!hasEnded(status)) return undefined;
      open.delete(sagaId);
    }
    return true;
  }
}
