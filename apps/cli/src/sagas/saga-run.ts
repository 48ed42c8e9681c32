import { randomUUID } from 'node:crypto';
import type { AuraClient, SagaDetail, SagaEvent } from '@aura/client';
import type { OpenAura } from '../aura/open-aura';
import type { CliContext } from '../cli-context';
import { Interruption } from '../interruption';
import { LiveSteps } from './live-steps';
import { inputOf, type Wish } from './wish';

/**
 * One saga from its start to where it goes no further by itself. Keeps what it has done: given another Aura on the same
 * data it goes on with the same saga, behind the entry that was shown last.
 */
export class SagaRun {
  private readonly key = randomUUID();
  private readonly steps: LiveSteps;
  private sagaId: string | undefined;
  private after = 0;

  constructor(
    private readonly wish: Wish,
    private readonly context: CliContext,
    private readonly write: (line: string) => void,
  ) {
    this.steps = new LiveSteps(context.terminal, write);
  }

  /** Starts the saga if that has not happened, and follows it. */
  async on({ client }: Pick<OpenAura, 'client'>): Promise<SagaDetail> {
    try {
      this.sagaId ??= await this.start(client);
      return await this.follow(client, this.sagaId);
    } catch (error) {
      if (error instanceof Interruption && this.sagaId !== undefined) {
        this.context.terminal.err(
          `Saga ${this.sagaId} goes on as long as an Aura runs; aura sagas show tells.`,
        );
      }
      throw error;
    }
  }

  private async start(client: AuraClient): Promise<string> {
    const { signal } = this.context;
    const { workflow, version, userId } = this.wish;
    const input = await inputOf(client, this.wish, signal);
    const saga = await client.start(workflow, input, {
      signal,
      idempotencyKey: this.key,
      ...(version === undefined ? {} : { version }),
      ...(userId === undefined ? {} : { userId }),
    });
    this.write(`saga ${saga.sagaId} of ${saga.accepted.workflow} ${saga.accepted.version}`);
    return saga.sagaId;
  }

  private async follow(client: AuraClient, sagaId: string): Promise<SagaDetail> {
    const { signal } = this.context;
    const saga = client.saga(sagaId);
    for await (const entry of saga.events({ after: this.after, signal })) {
      await this.steps.show(entry, sagaId, client);
      this.after = entry.sequence;
      if (waitsForPerson(entry)) return client.get(sagaId, { signal });
    }
    return saga.ended({ signal });
  }
}

function waitsForPerson(event: SagaEvent): boolean {
  return event.kind === 'saga' && (event.status === 'suspended' || event.status === 'compensation_failed');
}
