import { stepFailed } from '@aura/contracts';
import type { JsonValue } from '@aura/contracts';
import type { JournalRow } from '@aura/kernel';
import { bodyWith, itemsOf, membersOf } from './row-json';

/** A resource that a claim names. */
export interface ClaimedResource {
  readonly type: string;
  readonly id: string;
}

/**
 * How far a step, or a branch of a transaction, is at its participant:
 * `begun`: anything may be applied; `prepared`: all is held; `applied`: all stands, nothing will change it but an undo;
 * `refused`: nothing stands, or is taken back by whoever comes next; `reversing`: on its way back; `reversed`: nothing stands.
 */
export type StepPhase = 'begun' | 'prepared' | 'applied' | 'refused' | 'reversing' | 'reversed';

/** What the journal of a step tells at its participant. */
export interface StepFacts {
  readonly participant: string;
  readonly stream: string;
  /** Its newest row. */
  readonly seq: number;
  readonly saga: string;
  readonly run: number;
  readonly step: string;
  /** Of a branch: its transaction, `<saga>/<run>/<step>/<n>`. */
  readonly transaction?: string;
  readonly phase: StepPhase;
  /** Empty without a claim. */
  readonly claims: readonly ClaimedResource[];
}

/** Streams of steps begin so. */
export const STEP_STREAMS = 'step/';

const STREAM = /^step\/([^/]+)\/(\d+)\/([^/]+)(?:\/(\d+)\/[^/]+)?$/;

/** A name that the pattern has found: of a branch with the number of its transaction. */
type Named = readonly [stream: string, saga: string, run: string, step: string, n: string | undefined];

/** The facts of a step's journal; undefined for a stream of another name. */
export function stepFacts(participant: string, rows: readonly JournalRow[]): StepFacts | undefined {
  const last = rows.at(-1);
  const found = last === undefined ? null : STREAM.exec(last.stream);
  if (last === undefined || found === null) return undefined;
  const [stream, saga, run, step, n] = found as unknown as Named;
  return {
    participant,
    stream,
    seq: last.seq,
    saga,
    run: Number(run),
    step,
    ...(n === undefined ? {} : { transaction: [saga, run, step, n].join('/') }),
    phase: phaseOf(rows),
    claims: itemsOf(bodyWith(rows, 'claim')?.['resources']).map(claimedResource),
  };
}

function claimedResource(claim: JsonValue): ClaimedResource {
  const { type, id } = membersOf(claim);
  return { type: String(type), id: String(id) };
}

function phaseOf(rows: readonly JournalRow[]): StepPhase {
  if (bodyWith(rows, 'answer') !== undefined) return 'reversed';
  if (bodyWith(rows, 'fence') !== undefined) return 'reversing';
  const end = bodyWith(rows, 'end');
  if (end !== undefined) return itemsOf(end['types']).includes(stepFailed.type) ? 'refused' : 'applied';
  const vote = bodyWith(rows, 'vote')?.['vote'];
  if (vote === undefined) return 'begun';
  return vote === 'no' ? 'refused' : 'prepared';
}
