import type { CompensationPlan, UndoDetail } from '@aura/client';
import { deadLetterText } from './dead-letter-text';

/** What a saga undoes, or would if it were given up now; no lines when there is nothing. */
export function undoLines({ begun, steps }: CompensationPlan): readonly string[] {
  if (steps.length === 0) return [];
  const width = Math.max(...steps.map(({ step }) => step.length));
  return [
    begun ? 'undo' : 'undo, if it were given up now',
    ...steps.map((step) => `  ${step.step.padEnd(width)}  ${step.status.padEnd(8)}  ${how(step)}`),
  ];
}

function how({ mode, undo, participant, after, error, deadLetterId, note }: UndoDetail): string {
  const what =
    mode === 'ask' ? `asked how it ended, at ${participant}` : `${undo ?? 'undo'} at ${participant}`;
  const behind = after.length === 0 ? '' : `, behind ${after.join(', ')}`;
  const why = error === undefined ? '' : `: ${error.message} (${error.code})`;
  const letter = deadLetterText(deadLetterId).map((text) => `; ${text}`);
  return `${what}${behind}${why}${letter.join('')}${note === undefined ? '' : ` (${note})`}`;
}
