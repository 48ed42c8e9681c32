import { stepFailed } from '@aura/contracts';
import type { ErrorRecord, JsonValue } from '@aura/contracts';
import { decisionId, sagaStream } from '@aura/kernel';
import { COORDINATOR_SOURCE } from '@aura/messaging';
import type { CompiledPlan, PlanStep } from '@aura/workflow';
import type { PaidEntry, SagaEntry } from './entry';
import { evolve } from './evolve';
import { present } from './present';
import { stepOf } from './state';
import type { EndEvent, EventRef, SagaState, StepEnd } from './state';
import type { GapSince } from './gap-since';

/** What a turn knows beside state and inputs. */
export interface TurnClock {
  /** ms since 1970: time of the row. */
  readonly now: number;
  readonly gapSince: GapSince;
}

/** One turn of one saga while it is being decided: the entries so far, and the state behind them. */
export class TurnBuilder {
  readonly entries: PaidEntry[] = [];
  state: SagaState;
  private readonly seq: number;

  constructor(
    readonly compiled: CompiledPlan,
    before: SagaState,
    readonly clock: TurnClock,
  ) {
    this.state = before;
    this.seq = before.seq + 1;
  }

  /** Decides one thing. */
  add(entry: SagaEntry, payload?: JsonValue): void {
    const paid: PaidEntry = payload === undefined ? { entry } : { entry, payload };
    this.entries.push(paid);
    this.state = evolve(this.compiled, this.state, paid, { seq: this.seq, at: this.clock.now });
  }

  /** A step that the coordinator finds failed. */
  fail(step: PlanStep, error: ErrorRecord): void {
    this.end(step, 'failed', { error, type: stepFailed.type });
  }

  /** An end that the coordinator decides; its event's id is a function of the row. */
  end(
    step: PlanStep,
    end: StepEnd,
    how: {
      readonly output?: JsonValue;
      readonly error?: ErrorRecord;
      readonly reason?: string;
      readonly cause?: EventRef;
      readonly type: string;
    },
  ): void {
    const { epoch, attempts } = stepOf(this.state, step.id);
    const event: EndEvent = {
      source: COORDINATOR_SOURCE,
      id: decisionId(sagaStream(this.state.saga), this.seq, this.entries.length),
      type: how.type,
      time: new Date(this.clock.now).toISOString(),
      epoch,
    };
    this.add(
      {
        kind: 'stepEnded',
        step: step.id,
        end,
        by: 'coordinator',
        event,
        attempts,
        ...present({ error: how.error, reason: how.reason, cause: how.cause }),
      },
      how.output,
    );
  }
}
