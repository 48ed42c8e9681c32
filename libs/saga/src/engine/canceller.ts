import { hasEnded } from '@aura/contracts';
import { err, ok, sagaStream, StoreUnavailableError } from '@aura/kernel';
import type { Result } from '@aura/kernel';
import type { CancelRefusal, CancelRequest } from '../coordinator';
import { appliedOf } from '../machine/applied';
import { decide } from '../machine/decide';
import { messagesOf } from '../machine/messages';
import { rowOf } from '../machine/row';
import type { GapSince } from '../machine/timers';
import type { BookedSaga, SagaBook } from './book';
import type { CoordinatorPorts } from './ports';
import type { Recovery } from './recovery';
import type { ViewWriter } from './view-writer';

/** What a canceller works with. */
export interface CancellerParts {
  readonly book: SagaBook;
  readonly views: ViewWriter;
  readonly recovery: Recovery;
  readonly gaps: { gapSince(partition: number): GapSince };
}

/** Cancels sagas for people, at any instance: the journal's sequence decides between it and the saga's tracker. */
export class Canceller {
  constructor(
    private readonly ports: CoordinatorPorts,
    private readonly parts: CancellerParts,
  ) {}

  /** The saga as it stands cancelled, by this call or an earlier one. Errors: `StoreUnavailableError`. */
  async cancel(request: CancelRequest): Promise<Result<BookedSaga, CancelRefusal>> {
    for (;;) {
      const booked = await this.fresh(request.sagaId);
      if (booked === undefined) return err(unknownSaga(request.sagaId));
      if (booked.state.status === 'cancelled') return ok(booked);
      const next = this.decided(booked, request);
      if (next === undefined) return err(refusalOf(booked));
      const [result] = await this.ports.journal.append([next.row]);
      if (result === 'conflict') continue;
      await this.tell(next.booked);
      return ok(next.booked);
    }
  }

  /** What is in memory may be behind what another instance has appended, and a refusal is not checked by any append. */
  private async fresh(saga: string): Promise<BookedSaga | undefined> {
    this.parts.book.forget(saga);
    const booked = (await this.parts.book.open([saga])).get(saga);
    if (booked !== undefined || (await this.ports.journal.head(sagaStream(saga))) === 0) return booked;
    throw new StoreUnavailableError(`saga ${saga} stands, but its journal or plan cannot be read`);
  }

  private decided(
    booked: BookedSaga,
    { actor, reason = 'no reason given' }: CancelRequest,
  ): { readonly booked: BookedSaga; readonly row: ReturnType<typeof rowOf> } | undefined {
    const { compiled, state, unpublished } = booked;
    const now = this.ports.world.clock.now();
    const clock = { now, gapSince: this.parts.gaps.gapSince(state.partition) };
    const turn = decide(compiled, state, [{ kind: 'cancel', actor, reason }], clock);
    if (turn.entries.length === 0) return undefined;
    const { saga, partition, seq } = state;
    const messages = messagesOf(compiled, turn.state, { entries: turn.entries, at: now });
    return {
      row: rowOf({ saga, seq: seq + 1, at: now, partition }, turn.entries),
      booked: { ...booked, state: turn.state, unpublished: [...unpublished, ...messages] },
    };
  }

  /** The row stands, so the saga is cancelled, whatever becomes of the telling: that is made up for. */
  private async tell(booked: BookedSaga): Promise<void> {
    const { book, views, recovery } = this.parts;
    book.keep(booked);
    try {
      await this.ports.bus.publish(booked.unpublished);
      await views.writeNow(book.published(booked));
    } catch (error) {
      const { saga } = booked.state;
      this.ports.log.warn(`saga ${saga} is cancelled, which is told later`, { error });
      views.changed(booked, true);
      recovery.openSaga(saga);
    }
  }
}

function unknownSaga(sagaId: string): CancelRefusal {
  return {
    code: 'UNKNOWN_SAGA',
    message: `no saga ${JSON.stringify(sagaId.slice(0, 100))} is held here`,
    help: 'Check the id; it is the sagaId of the answer that accepted the start.',
  };
}

function refusalOf({ compiled, state }: BookedSaga): CancelRefusal {
  if (hasEnded(state.status))
    return {
      code: 'SAGA_ENDED',
      message: `saga ${state.saga} has ended already, as ${state.status}`,
      help: 'Nothing is left to cancel.',
    };
  const applied = state.applied ?? appliedOf(compiled, state);
  return {
    code: 'SAGA_APPLIED',
    message: `saga ${state.saga} is ${state.status}, and what is applied, or may be, cannot be undone yet: ${applied.join(', ')}`,
    help: 'Let it end, or mend by hand what it has applied.',
    applied,
  };
}
