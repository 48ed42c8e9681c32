import type { CloudEvent } from '@aura/contracts';
import { stepStream } from '@aura/kernel';
import type {
  Cancel,
  Journal,
  Log,
  StepKey,
  StreamHead,
  ViewDefinition,
  ViewStore,
  World,
} from '@aura/kernel';
import { RareWarning } from '@aura/messaging';
import type { EventBus } from '@aura/messaging';
import { BRANCHES_PARTITION } from '../barrier/branch-voting';
import { undecidedIn } from '../barrier/branch-rows';
import { decisionRequestedEvent, toTransaction } from './branch-messages';
import { branchRequestOf } from './branch-request';

/** Fields of an undecided branch: when it asks next (ms since 1970), and how often it has. */
type UndecidedField = 'askAt' | 'asked';

/** Branches that may be prepared and undecided, by stream: derived from their journals. */
export const UNDECIDED_VIEWS: ViewDefinition<UndecidedField> = {
  name: 'undecided_branches',
  fields: { askAt: 'integer', asked: 'integer' },
  indexes: [['askAt']],
};

/** What the asking works on. */
export interface UndecidedPorts {
  readonly participant: string;
  readonly bus: EventBus;
  readonly journal: Journal;
  readonly world: World;
  readonly log: Log;
}

/** Time between two looks, ms. */
const LOOK_MS = 2000;
/** Wait before the next asking: doubles from the first to the longest, ms. */
const FIRST_WAIT_MS = 2000;
const LONGEST_WAIT_MS = 60_000;
/** Branches of one look, and of one page of journals. */
const MOST_AT_ONCE = 200;
/** The record that says that every undecided branch is listed; without it the journals are looked through. */
const COMPLETE = 'complete';
/** Beyond every time: the record is never due. */
const NEVER = Number.MAX_SAFE_INTEGER;

/**
 * A prepared participant that has not heard the decision asks again and again, with growing waits, also after a restart;
 * it never decides alone. The list is only where to look: whether a branch is undecided its journal says.
 */
export class UndecidedBranches {
  /** Streams that have heard the decision and may still be listed: the next look takes them off together. */
  private readonly decided = new Set<string>();
  private readonly warning: RareWarning;
  private cancel: Cancel = () => undefined;
  private looking: Promise<void> = Promise.resolve();
  private isStopping = false;

  constructor(
    private readonly ports: UndecidedPorts,
    private readonly views: ViewStore<UndecidedField>,
  ) {
    const next = (): string => (this.isStopping ? 'the next instance does' : 'trying again');
    this.warning = new RareWarning(ports.world, (error) =>
      ports.log.warn(`undecided branches could not be looked through; ${next()}`, { error }),
    );
  }

  /** Lists a branch before it votes; `waitMs`: how long its coordinator waits for the votes. */
  list(key: StepKey, waitMs: number): Promise<void> {
    const askAt = this.ports.world.clock.now() + waitMs + FIRST_WAIT_MS;
    return this.put(stepStream(key), { askAt, asked: 0 }, { areNew: true });
  }

  /** Asks later: the transaction is undecided until this time, ms since 1970. */
  async wait(key: StepKey, until: number): Promise<void> {
    const id = stepStream(key);
    const known = await this.views.get(id);
    if (known === undefined) return;
    const askAt = Math.max(Number(known.fields.askAt), until + FIRST_WAIT_MS);
    await this.put(id, { askAt, asked: Number(known.fields.asked) });
  }

  /** The branch has heard the decision. Whoever dies before it is off the list finds that in its journal. */
  forget(key: StepKey): void {
    this.decided.add(stepStream(key));
  }

  start(): void {
    if (this.isStopping) return;
    this.cancel = this.ports.world.scheduler.after(LOOK_MS, () => {
      this.looking = this.tried(() => this.look()).finally(() => this.start());
    });
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    this.cancel();
    await this.looking;
    await this.tried(() => this.takeOffDecided());
  }

  private tried(work: () => Promise<void>): Promise<void> {
    return work().then(
      () => this.warning.worked(),
      (error: unknown) => this.warning.failed(error),
    );
  }

  private async takeOffDecided(): Promise<void> {
    if (this.decided.size === 0) return;
    const streams = [...this.decided];
    await this.views.remove(streams);
    for (const stream of streams) this.decided.delete(stream);
  }

  private async look(): Promise<void> {
    await this.takeOffDecided();
    if ((await this.views.get(COMPLETE)) === undefined) await this.rebuild();
    const now = this.ports.world.clock.now();
    const due = await this.views.find({
      where: [{ field: 'askAt', op: 'lte', value: now }],
      orderBy: { field: 'askAt', direction: 'asc' },
      limit: MOST_AT_ONCE,
    });
    for (const { id, fields } of due) await this.askOrForget(id, Number(fields.asked) + 1);
  }

  private async askOrForget(stream: string, asked: number): Promise<void> {
    const { bus, journal, participant, world } = this.ports;
    const voted = undecidedIn(await journal.read(stream));
    if (voted === undefined) return this.views.remove([stream]);
    const nowMs = world.clock.now();
    const request = branchRequestOf(voted);
    await bus.publish([toTransaction(decisionRequestedEvent({ participant, request, nowMs }, asked))]);
    const waitMs = Math.min(FIRST_WAIT_MS * 2 ** Math.min(asked, 10), LONGEST_WAIT_MS);
    await this.put(stream, { askAt: nowMs + waitMs, asked });
  }

  private async put(
    id: string,
    fields: { readonly askAt: number; readonly asked: number },
    expectation = { areNew: false },
  ): Promise<void> {
    await this.views.put([{ id, version: fields.askAt, fields, body: '{}' }], expectation);
  }

  /** The list was lost, or never made: every branch that is undecided by its journal is listed. */
  private async rebuild(): Promise<void> {
    const { world } = this.ports;
    for await (const heads of this.pages())
      for (const { stream } of heads)
        if ((await this.undecided(stream)) !== undefined)
          await this.put(stream, { askAt: world.clock.now() + FIRST_WAIT_MS, asked: 0 });
    await this.put(COMPLETE, { askAt: NEVER, asked: 0 });
  }

  private async undecided(stream: string): Promise<CloudEvent | undefined> {
    return undecidedIn(await this.ports.journal.read(stream));
  }

  private async *pages(): AsyncGenerator<readonly StreamHead[]> {
    let afterStream: string | undefined;
    for (;;) {
      const heads = await this.ports.journal.scan({
        partitions: [BRANCHES_PARTITION],
        since: 0,
        limit: MOST_AT_ONCE,
        ...(afterStream === undefined ? {} : { afterStream }),
      });
      yield heads;
      afterStream = heads.at(-1)?.stream;
      if (heads.length < MOST_AT_ONCE || this.isStopping) return;
    }
  }
}
