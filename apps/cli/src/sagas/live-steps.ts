import type { AuraClient, SagaDetail, SagaFeedEntry, StepDetail, StepStatus } from '@aura/client';
import { nameWidth, stepLine } from '../pages/step-line';
import type { Terminal } from '../terminal';

const SHOWN: readonly StepStatus[] = ['triggered', 'completed', 'skipped', 'continued', 'failed'];

/** Tells each change of a step in one line as it happens, on terminals and in pipes alike. */
export class LiveSteps {
  private saga: SagaDetail | undefined;

  constructor(
    private readonly terminal: Terminal,
    private readonly write: (line: string) => void,
  ) {}

  /** Shows one entry of the feed, if it is a step's. */
  async show(entry: SagaFeedEntry, sagaId: string, client: AuraClient): Promise<void> {
    const status = SHOWN.find((known) => known === entry.status);
    if (entry.step === undefined || status === undefined) return;
    const step = this.known(entry.step) ?? (await this.asked(entry.step, sagaId, client));
    if (step === undefined) return;
    this.write(this.line({ ...step, status }, entry.time));
  }

  private line(step: StepDetail, time: string): string {
    const width = nameWidth(this.saga?.steps ?? []);
    if (step.status === 'triggered') return stepLine(step, width, this.terminal);
    // The saga may have been seen before its fold knew the end; the entry knows it.
    return stepLine({ ...step, endedAt: step.endedAt ?? time }, width, this.terminal);
  }

  /** A step of which the saga, as it was last seen, tells the end already. */
  private known(id: string): StepDetail | undefined {
    return this.saga?.steps.find((step) => step.id === id && step.endedAt !== undefined);
  }

  private async asked(id: string, sagaId: string, client: AuraClient): Promise<StepDetail | undefined> {
    this.saga = await client.get(sagaId);
    return this.saga.steps.find((step) => step.id === id);
  }
}
