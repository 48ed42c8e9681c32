import { transactionPrepareRequested } from '@aura/contracts';
import type { CloudEvent, EventData, JsonValue } from '@aura/contracts';
import { BusinessError, MOST_STATE_CHARACTERS, stateSizeOf, TerminalError } from '@aura/kernel';
import { withTimeLimit } from '@aura/messaging';
import type { DeliveryContext, OutboundMessage } from '@aura/messaging';
import type { BranchOutcome, Preparation } from '../barrier/branch-passage';
import type { AppliedClaim } from '../barrier/passage';
import type { Claim } from '../barrier/step-rows';
import type { Action, ResourceAction } from '../participant/action';
import { actionContext } from '../participant/action-call';
import type { CallTask } from '../participant/action-call';
import { isFirstDelivery } from '../participant/comes-first';
import { branchPlainEvent, toTransaction, votedEvent } from './branch-messages';
import type { Speaking } from './branch-messages';
import type { BranchRequest } from './branch-request';
import type { BranchPorts } from './branch-ports';
import type { HeldFor } from './held-wait';

/** Time limit of a branch's claim, ms, where the transaction waits shorter than this. */
const SHORTEST_CLAIM_MS = 1000;

type Asked = EventData<typeof transactionPrepareRequested>;

/** A branch that is being prepared: what its action does, under which limits. */
export interface BranchPreparation extends Preparation, HeldFor {}

/** How the action of a request is prepared. Errors: `TerminalError` when the request is not what it should be. */
export function preparationOf(
  ports: BranchPorts,
  request: BranchRequest,
  context: DeliveryContext,
): BranchPreparation {
  return new BranchCall(ports, request, context);
}

class BranchCall implements BranchPreparation {
  readonly key: BranchRequest['key'];
  readonly transaction: string;
  readonly waitMs: number;
  readonly waitedMs: number;
  readonly isLastTry: boolean;
  readonly presumedAs?: string;
  private readonly asked: Asked;
  private listed: Promise<void> | undefined;

  constructor(
    private readonly ports: BranchPorts,
    private readonly request: BranchRequest,
    private readonly context: DeliveryContext,
  ) {
    this.key = request.key;
    this.transaction = request.transaction;
    this.asked = read(request);
    this.waitMs = this.asked.waitMs;
    // By the clock of the participant's process, that gave it back before: it only ends the waiting for locks.
    this.waitedMs = this.nowMs() - (context.delivery.headers.heldSince ?? this.nowMs());
    this.isLastTry = this.waitedMs >= this.waitMs;
    if (isFirstDelivery(context)) this.presumedAs = ports.presumptions.next();
  }

  async claim(): Promise<Claim> {
    const action = this.action();
    const input = this.parsed(action);
    const limit = {
      what: `branch ${this.request.branch} (action ${action.name})`,
      ms: Math.max(this.waitMs, SHORTEST_CLAIM_MS),
    };
    const resources = await withTimeLimit(this.ports.world, limit, (signal) =>
      action.claim(input, actionContext(this.ports, this.task(), signal)),
    );
    return { input: this.asked.input, resources };
  }

  outcome(claim: Claim, changes: readonly AppliedClaim[]): BranchOutcome {
    const action = this.action();
    const input: unknown = action.input.parse(claim.input);
    const signal = (): AbortSignal => new AbortController().signal;
    const { output, events = [] } = action.outcome(
      input,
      changes,
      actionContext(this.ports, this.task(), signal),
    );
    const stranger = events.find(({ type }) => !(action.publishes ?? []).includes(type));
    if (stranger !== undefined) throw undeclared(action, stranger.type);
    const speaking = this.speaking();
    return {
      output: outputOf(action, output),
      events: events.map((event, n) => branchPlainEvent(speaking, event, n)),
    };
  }

  voted(vote: Parameters<Preparation['voted']>[0]): ReturnType<Preparation['voted']> {
    return votedEvent(this.speaking(), vote);
  }

  messages(voted: CloudEvent): readonly OutboundMessage[] {
    return [toTransaction(voted)];
  }

  /** Listed before the call that votes: from the vote on it must not forget to ask. */
  beforeVote(): Promise<void> {
    this.listed ??= this.ports.undecided.list(this.key, this.waitMs);
    return this.listed;
  }

  /** An action that is not offered here, or has no resources to hold, cannot be applied: that is a no. */
  private action(): ResourceAction {
    const { action: name } = this.asked;
    const action = this.ports.actions.get(name);
    if (action !== undefined && isTransactional(action)) return action;
    const what = action === undefined ? 'is not offered' : 'has no resources to hold';
    throw new BusinessError(`action ${name} ${what} by ${this.ports.participant}`, {
      code: action === undefined ? 'UNKNOWN_ACTION' : 'NOT_TRANSACTIONAL',
      help: 'Name an action in the branch that claims resources, and that the participant offers.',
    });
  }

  private parsed(action: ResourceAction): unknown {
    const parsed = action.input.safeParse(this.asked.input);
    if (parsed.success) return parsed.data;
    throw new BusinessError(
      `branch ${this.request.branch} got an input that ${action.name} refuses: ${parsed.error.message}`,
      {
        code: 'INVALID_STEP_INPUT',
        help: 'Mend the input mapping of the branch in the definition, or the schema of the action.',
      },
    );
  }

  private task(): CallTask {
    const { event, attempt } = this.context;
    return { key: this.key, epoch: event.auraepoch ?? 1, attempt, trigger: event };
  }

  private speaking(): Speaking {
    return { participant: this.ports.participant, request: this.request, nowMs: this.nowMs() };
  }

  private nowMs(): number {
    return this.ports.world.clock.now();
  }
}

/** Whether an action can be a branch: it changes nothing but resources, which can be held. */
export function isTransactional(action: Action): action is ResourceAction {
  return action.kind === 'stateful' && 'resources' in action;
}

function read({ event }: BranchRequest): Asked {
  const parsed = transactionPrepareRequested.data.safeParse(event.data);
  if (parsed.success) return parsed.data;
  throw new TerminalError(`${event.type} ${event.id} is not what it should be: ${parsed.error.message}`, {
    code: 'INVALID_EVENT_DATA',
    help: 'Let the participant run the same version of Aura as the coordinator.',
  });
}

function outputOf(action: ResourceAction, output: unknown): JsonValue {
  const parsed = action.output.safeParse(output);
  if (!parsed.success) throw badOutput(action, 'INVALID_STEP_OUTPUT', parsed.error.message);
  const size = stateSizeOf(parsed.data as JsonValue);
  if (size > MOST_STATE_CHARACTERS)
    throw badOutput(action, 'OUTPUT_TOO_LARGE', `it has about ${size} characters`);
  return parsed.data as JsonValue;
}

function badOutput({ name }: ResourceAction, code: string, why: string): TerminalError {
  return new TerminalError(`action ${name} answered what cannot be kept: ${why}`, {
    code,
    help: 'Mend the action: its output must match the schema it declares, and be at most 1 Mi characters.',
  });
}

function undeclared({ name }: ResourceAction, type: string): TerminalError {
  return new TerminalError(`action ${name} returned an event ${type} that it does not declare`, {
    code: 'UNDECLARED_EVENT',
    help: 'Add the type to `publishes` of the action.',
  });
}
