import { TerminalError } from '@aura/kernel';
import type { Clock } from '@aura/kernel';
import type { ResourceClaim, ResourceType } from '../participant/action';
import { LoadCount } from './load-count';
import type { BarrierJournal } from './recorded-end';
import { ResourceWriter } from './resource-writer';

/** Idle writers kept for the next claim. */
const MOST_WRITERS = 10_000;

/** The writers of all resources that a participant's instance has in hand: one for each. */
export class ResourceWriters {
  private readonly writers = new Map<string, ResourceWriter<unknown>>();
  private readonly loads = new LoadCount();

  constructor(
    private readonly rows: BarrierJournal,
    private readonly clock: Clock,
    private readonly types: ReadonlyMap<string, ResourceType>,
    private readonly mostWriters = MOST_WRITERS,
  ) {}

  /** Loads so far, see {@link LoadCount}. */
  get loaded(): number {
    return this.loads.value;
  }

  /** The writer of a resource. Errors: `TerminalError` when the action does not declare its type. */
  of(resource: ResourceClaim): ResourceWriter<unknown> {
    const name = `${resource.type}/${resource.id}`;
    const kept = this.writers.get(name);
    if (kept !== undefined) return kept;
    const type = this.types.get(resource.type);
    if (type === undefined) throw undeclared(name, resource.type);
    if (this.writers.size >= this.mostWriters) this.forgetIdle();
    const { rows, clock, loads } = this;
    const writer = new ResourceWriter({ ...rows, clock, loads }, type, resource.id);
    this.writers.set(name, writer);
    return writer;
  }

  private forgetIdle(): void {
    for (const [name, writer] of this.writers) if (writer.isIdle) this.writers.delete(name);
  }
}

function undeclared(name: string, type: string): TerminalError {
  return new TerminalError(`an action claims ${name}, but declares no resource type ${type}`, {
    code: 'UNDECLARED_RESOURCE',
    help: 'Add the resource type to the `resources` of the action.',
  });
}
