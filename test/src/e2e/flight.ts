import { AuraUnreachableError } from '@aura/client';
import type { AuraClient } from '@aura/client';
import { hasEnded } from '@aura/contracts';
import { randomUUID } from 'node:crypto';
import { eventually } from '../lab/eventually';
import { LAB_DEFINITIONS } from './lab-definitions';

/** Names of the lab's workflows. */
export const LAB_WORKFLOWS: readonly string[] = LAB_DEFINITIONS.map(
  (definition) => (definition as { readonly id: string }).id,
);

/** Sagas of the lab on their way; each counts with a counter of its own. */
export class Flight {
  private readonly acknowledged: string[] = [];

  constructor(private readonly client: AuraClient) {}

  /** Every saga whose start was acknowledged. */
  get started(): readonly string[] {
    return this.acknowledged;
  }

  /** Starts so many sagas, of all workflows in turn, whose steps take `delayMs` each. Starts are sent until answered. */
  async launch(many: number, delayMs: number): Promise<void> {
    const workflows = Array.from({ length: many }, (_, n) => LAB_WORKFLOWS[n % LAB_WORKFLOWS.length] ?? '');
    await Promise.all(workflows.map((workflow) => this.start(workflow, delayMs)));
  }

  /** Starts a saga of one workflow; answers its id. */
  async start(workflow: string, delayMs: number): Promise<string> {
    const item = randomUUID();
    const { sagaId } = await this.client.start(workflow, { item, delayMs }, { idempotencyKey: item });
    this.acknowledged.push(sagaId);
    return sagaId;
  }

  /** Sends a start once, and does not mind when nobody answers: whatever became of it must not be half a saga. */
  async startOnce(workflow: string, delayMs: number): Promise<void> {
    try {
      const { sagaId } = await this.client.start(workflow, { item: randomUUID(), delayMs });
      this.acknowledged.push(sagaId);
    } catch (error) {
      if (!(error instanceof AuraUnreachableError)) throw error;
    }
  }

  /** Waits until every acknowledged saga has ended. */
  landed(withinMs: number): Promise<void> {
    return untilEnded(this.client, this.acknowledged, withinMs);
  }
}

/** Waits until sagas have ended. Errors: names those that have not, with what they wait for. */
export async function untilEnded(
  client: AuraClient,
  sagas: readonly string[],
  withinMs: number,
): Promise<void> {
  const open = new Set(sagas);
  const look = async (): Promise<true | undefined> => {
    for (const saga of open) if (hasEnded((await client.get(saga)).status)) open.delete(saga);
    return open.size === 0 ? true : undefined;
  };
  await eventually('all sagas have ended', look, withinMs).catch(async (error: unknown) => {
    const whys = await Promise.all([...open].map((saga) => client.why(saga)));
    const told = whys.map(({ sagaId, why }) => `${sagaId}: ${why}`).join('\n');
    throw new Error(`${open.size} sagas have not ended:\n${told}`, { cause: error });
  });
}
