import { transactionStream } from '@aura/kernel';
import type { JournalRow } from '@aura/kernel';
import type { TransactionDetail } from '@aura/contracts';
import { eventually } from '../lab/eventually';
import { BY_TEST, House } from './house';
import type { Housed } from './house';
import { PuppetBranches, transactionDefinition } from './puppet-branches';

/** Length of the leases: nobody takes over before, whatever passes. */
export const HOUR_MS = 3_600_000;

/** Stream of the lives of a coordinator's store. */
const INCARNATIONS = 'store/incarnations';

/** A transaction of the stage, and its saga. */
export interface Staged {
  readonly saga: string;
  readonly id: string;
}

/** A house with a coordinator at a time, whose sagas have transactions: `pair` waits 90 minutes for votes, `thrice` three times 5 s; `patient` is `pair`, suspended when it fails. */
export class TransactionStage {
  private constructor(
    readonly house: House,
    readonly branches: PuppetBranches,
    /** The coordinator that works. */
    public one: Housed,
  ) {}

  static async open(): Promise<TransactionStage> {
    const house = await House.open();
    const branches = new PuppetBranches(house);
    await branches.bind();
    const one = await house.coordinator('one', { leaseMs: HOUR_MS });
    await house.publish(one, transactionDefinition('pair', { prepareTimeout: '90m' }));
    await house.publish(one, transactionDefinition('thrice', { maxEpochs: 3 }));
    await house.publish(one, transactionDefinition('patient', { prepareTimeout: '90m', policy: 'suspend' }));
    return new TransactionStage(house, branches, one);
  }

  close(): Promise<void> {
    return this.house.close();
  }

  /** A saga whose transaction is begun. */
  async begun(workflow = 'pair'): Promise<Staged> {
    const saga = await this.house.start(this.one, workflow);
    await this.house.puppet.end({ saga, step: 'a', partition: await this.house.partition(saga) });
    await this.branches.asked(saga, 'prepare', 'left');
    await this.branches.asked(saga, 'prepare', 'right');
    return { saga, id: `${saga}/1/reserve/1` };
  }

  /** A saga whose transaction is committed, and both branches have said so. */
  async committed(): Promise<Staged> {
    const staged = await this.begun();
    await this.branches.vote(staged.saga, 'left');
    await this.branches.vote(staged.saga, 'right');
    await this.branches.acknowledge(staged.saga, 'left');
    await this.branches.acknowledge(staged.saga, 'right');
    await this.stands(staged.id, 'committed');
    return staged;
  }

  /** The transaction once it stands so. */
  stands(id: string, status: string): Promise<TransactionDetail> {
    return eventually(`transaction ${id} is ${status}`, async () => {
      const found = await this.one.coordinator.transactions.show(id);
      return found?.status === status ? found : undefined;
    });
  }

  /** The last step ends, and with it the saga. */
  async ends(saga: string): Promise<void> {
    await this.house.puppet.end({ saga, step: 'b', partition: await this.house.partition(saga) });
    await this.house.until(this.one, saga, 'completed');
  }

  /** The coordinator dies, and another one takes over. */
  async nextOwner(): Promise<void> {
    await this.one.die();
    await this.takenOver();
  }

  /** Another one takes over from one that is dead. */
  async takenOver(): Promise<void> {
    this.house.world.pass(HOUR_MS);
    this.one = await this.house.coordinator('next', { leaseMs: HOUR_MS });
    await eventually('it has taken over', () =>
      this.one.coordinator.partitions().length === 2 ? true : undefined,
    );
  }

  /** Everything that the coordinator's store has of definitions, sagas and transactions: a backup of it. */
  async backup(): Promise<readonly JournalRow[]> {
    const { journal } = this.house;
    const heads = await journal.scan({ partitions: [-1, 0, 1], since: 0, limit: 1000 });
    const streams = [INCARNATIONS, ...heads.map(({ stream }) => stream)];
    return [...(await journal.readMany(streams)).values()].flat();
  }

  /** The coordinator stops, its store is set back to a backup, a person says so, and another one begins on it. */
  async restore(backup: readonly JournalRow[], { isTold = true } = {}): Promise<void> {
    const { house } = this;
    await this.one.stop();
    await house.setBack(backup);
    const restoration = { actor: BY_TEST, note: 'the disk was lost' };
    if (isTold) expect(await house.markRestored(restoration)).toMatchObject({ ok: true });
    this.one = await house.coordinator('restored', { leaseMs: HOUR_MS });
    await eventually('it tracks', () => (this.one.coordinator.partitions().length === 2 ? true : undefined));
  }

  /** Time passes while the coordinator lives: it has renewed its leases behind. */
  async pass(ms: number): Promise<void> {
    this.house.world.pass(ms);
    const now = this.house.world.clock.now();
    await eventually('the leases are renewed', async () =>
      (await this.house.embedded.leases.list('partition/')).every(({ until }) => until >= now + HOUR_MS)
        ? true
        : undefined,
    );
  }

  /** What a transaction's journal says, entry by entry. */
  async kinds(transaction: string): Promise<readonly string[]> {
    const rows = await this.house.journal.read(transactionStream(transaction));
    return rows.flatMap(({ body }) =>
      (JSON.parse(body) as { readonly kind: string }[]).map(({ kind }) => kind),
    );
  }

  /** A kind of entry stands in the transaction's journal. */
  async recorded(transaction: string, kind: string): Promise<void> {
    await eventually(`${kind} stands`, async () =>
      (await this.kinds(transaction)).includes(kind) ? true : undefined,
    );
  }
}

/** Publications that speak of something. */
export function isOf(text: string): (args: readonly unknown[]) => boolean {
  return ([messages]) => JSON.stringify(messages).includes(text);
}
