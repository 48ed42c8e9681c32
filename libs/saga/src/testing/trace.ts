import type { OutboundMessage } from '@aura/messaging';
import type { PaidEntry } from '../machine/entry';
import { timersOf } from '../machine/timers';
import { NO_GAP } from '../machine/gap-since';
import { explain } from '../machine/waiting';
import type { SagaUnderTest } from './given-saga';
import { STARTED_AT } from './given-saga';

/** Everything that a saga decided, as text that a person reads: entries, messages, timers and the sentence of `why`. */
export function traceOf(saga: SagaUnderTest): string {
  const turns = saga.told.map(({ entries, messages, state }, n) =>
    [
      `turn ${n + 1}`,
      ...entries.map((paid) => `  decide  ${entryLine(paid)}`),
      ...messages.map((message) => `  send    ${messageLine(message)}`),
      ...timersOf(saga.compiled, state, NO_GAP).map(
        ({ id, until }) => `  timer   ${id} at +${until - STARTED_AT} ms`,
      ),
      `  why     ${explain(saga.compiled, state, NO_GAP)}`,
    ].join('\n'),
  );
  return `${turns.join('\n')}\n`;
}

function entryLine({ entry, payload }: PaidEntry): string {
  const { kind, ...rest } = entry;
  return `${kind} ${JSON.stringify(rest)}${payload === undefined ? '' : ` <- ${JSON.stringify(payload)}`}`;
}

function messageLine({ event, to, headers }: OutboundMessage): string {
  const where = to.map((destination) =>
    destination.kind === 'exchange'
      ? `${destination.exchange}:${destination.key}`
      : `queue ${destination.queue}`,
  );
  const marks = [event.aurareplay, headers === undefined ? undefined : JSON.stringify(headers)].filter(
    (mark) => mark !== undefined,
  );
  return [`${event.id} -> ${where.join(', ')}`, ...marks, JSON.stringify(event.data)].join(' ');
}
