import { hasEnded } from '@aura/contracts';
import { err, ok, sagaStream, StoreUnavailableError } from '@aura/kernel';
import type { Result } from '@aura/kernel';
import { tellingJournal } from '@aura/messaging';
import type { TellingJournal } from '@aura/messaging';
import type { SagaDetail } from '@aura/contracts';
import type { CancelRefusal, CancelRequest, MendRefusal, MendRequest } from '../coordinator';
import { committedStep } from '../machine/committed';
import { decide } from '../machine/decide';
import { mendProblem } from '../machine/mend';
import { messagesOf } from '../machine/messages';
import { rowOf } from '../machine/row';
import type { CancelInput, MendInput, RerunInput } from '../machine/saga-input';
import type { GapSince } from '../machine/gap-since';
import type { SagaBook } from './book';
import type { BookedSaga } from './booked-saga';
import type { CoordinatorPorts } from './ports';
import type { Recovery } from './recovery';
import type { SagaQuestions } from './saga-questions';
import type { ViewWriter } from './view-writer';
import { publishedWithRow } from './wait-views';

/** What interventions work with. */
export interface InterventionParts {
  readonly book: SagaBook;
  readonly views: ViewWriter;
  readonly recovery: Recovery;
  readonly gaps: { gapSince(partition: number): GapSince };
  readonly questions: Pick<SagaQuestions, 'detail' | 'outputProblem'>;
}

/**
 * What people do about sagas, at any instance: the journal's sequence decides between them and the saga's tracker. Who
 * and why stand in the journal. Errors: `StoreUnavailableError`.
 */
export class Interventions {
  private readonly telling: TellingJournal;

  constructor(
    private readonly ports: CoordinatorPorts,
    private readonly parts: InterventionParts,
  ) {
    this.telling = tellingJournal(ports.bus, ports.journal);
  }

  /** The saga as it stands cancelled, or on its way to that, by this call or an earlier one. */
  cancel({ sagaId, actor, reason = NO_REASON }: CancelRequest): Promise<Result<SagaDetail, CancelRefusal>> {
    return this.intervene<CancelRefusal>(sagaId, { kind: 'cancel', actor, reason }, (booked) =>
      isCancelled(booked) ? undefined : cancelRefusal(booked),
    );
  }

  /** The saga as it stands mended. */
  async mend({
    sagaId,
    reason = NO_REASON,
    ...request
  }: MendRequest): Promise<Result<SagaDetail, MendRefusal>> {
    const input: MendInput = { kind: 'mend', reason, ...request };
    const wrong = await this.wrongOutput(sagaId, input);
    if (wrong !== undefined)
      return err({ code: 'CANNOT_MEND', message: wrong, help: 'Give what the action would have given.' });
    return this.intervene<MendRefusal>(sagaId, input, ({ state }) => ({
      code: 'CANNOT_MEND',
      message: mendProblem(state, input) ?? `saga ${sagaId} waits for nobody`,
      help: 'Look at where it stands by `aura sagas show`, or GET /api/v1/workflows/:id/compensation.',
    }));
  }

  private async wrongOutput(
    saga: string,
    { command, output = null }: MendInput,
  ): Promise<string | undefined> {
    const booked = command === 'resume' ? await this.fresh(saga) : undefined;
    return booked && this.parts.questions.outputProblem(booked, output);
  }

  /** Takes the input into the saga; `refused` says why nothing came of it, or that nothing had to. */
  async intervene<R extends { readonly code: string }>(
    sagaId: string,
    input: CancelInput | MendInput | RerunInput,
    refused: (booked: BookedSaga) => R | undefined,
  ): Promise<Result<SagaDetail, R | UnknownSaga>> {
    for (;;) {
      const booked = await this.fresh(sagaId);
      if (booked === undefined) return err(unknownSaga(sagaId));
      const next = this.decided(booked, input);
      if (next === undefined) {
        const refusal = refused(booked);
        return refusal === undefined ? ok(this.parts.questions.detail(booked)) : err(refusal);
      }
      const [result] = await this.telling.append([{ row: next.row, publish: publishedWithRow(next.booked) }]);
      if (result === 'conflict') continue;
      await this.tell(next.booked, result === 'told');
      return ok(this.parts.questions.detail(next.booked));
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
    input: CancelInput | MendInput | RerunInput,
  ): { readonly booked: BookedSaga; readonly row: ReturnType<typeof rowOf> } | undefined {
    const { compiled, state, unpublished } = booked;
    const now = this.ports.world.clock.now();
    const clock = { now, gapSince: this.parts.gaps.gapSince(state.partition) };
    const turn = decide(compiled, state, [input], clock);
    if (turn.entries.length === 0) return undefined;
    const { saga, partition, seq } = state;
    const messages = messagesOf(compiled, turn.state, { entries: turn.entries, at: now });
    return {
      row: rowOf({ saga, seq: seq + 1, at: now, partition }, turn.entries),
      booked: { ...booked, state: turn.state, unpublished: [...unpublished, ...messages] },
    };
  }

  /** The row stands, whatever becomes of the telling: that is made up for. `isTold`: it was published as it was appended. */
  private async tell(booked: BookedSaga, isTold: boolean): Promise<void> {
    const { book, views, recovery } = this.parts;
    book.keep(booked);
    try {
      await views.waitsFirst([booked]);
      if (!isTold) await this.ports.bus.publish(booked.unpublished);
      await views.writeNow(book.published(booked));
    } catch (error) {
      const { saga } = booked.state;
      this.ports.log.warn(`what was done about saga ${saga} stands, and is told later`, { error });
      views.changed(booked, true);
      recovery.openSaga(saga);
    }
  }
}

/** Stands in the journal where nobody gave one. */
export const NO_REASON = 'no reason given';

/** There is no such saga. */
interface UnknownSaga {
  readonly code: 'UNKNOWN_SAGA';
  readonly message: string;
  readonly help: string;
}

function unknownSaga(sagaId: string): UnknownSaga {
  return {
    code: 'UNKNOWN_SAGA',
    message: `no saga ${JSON.stringify(sagaId.slice(0, 100))} is held here`,
    help: 'Check the id; it is the sagaId of the answer that accepted the start.',
  };
}

/** Whether a saga is cancelled, or will be once what it did is undone. */
function isCancelled({ state }: BookedSaga): boolean {
  return state.status === 'cancelled' || (!hasEnded(state.status) && state.undoing?.outcome === 'cancelled');
}

function cancelRefusal({ compiled, state }: BookedSaga): CancelRefusal {
  if (hasEnded(state.status))
    return {
      code: 'SAGA_ENDED',
      message: `saga ${state.saga} has ended already, as ${state.status}`,
      help: 'Nothing is left to cancel.',
    };
  const committed = committedStep({ compiled, state });
  if (state.undoing === undefined && committed !== undefined)
    return {
      code: 'SAGA_APPLIED',
      message: `saga ${state.saga} can only complete: step ${committed} is applied and has no undo`,
      help: 'Let it end.',
      applied: [committed],
    };
  if (state.undoing?.rerun !== undefined)
    return {
      code: 'SAGA_GIVEN_UP',
      message: `saga ${state.saga} is being undone to go on again from step ${state.undoing.rerun.from}`,
      help: 'Cancel it once it runs again; `aura sagas show` tells what it waits for.',
    };
  return {
    code: 'SAGA_GIVEN_UP',
    message: `saga ${state.saga} is ${state.status}: it was given up before, and what it did is being undone`,
    help: 'Let it end; `aura sagas show` tells what it waits for.',
  };
}
