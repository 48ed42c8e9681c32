import type { SagaCursor } from '@aura/saga';
import { z } from 'zod';
import { invalidRequest } from '../problems/known-problems';

const content = z.tuple([z.int().min(0), z.string().min(1).max(300)]);

/** A place in the list as clients carry it: opaque, and good for any filter. */
export function encodeCursor({ startedAt, sagaId }: SagaCursor): string {
  return Buffer.from(JSON.stringify([startedAt, sagaId])).toString('base64url');
}

/** Reads a cursor; one that was not made here is refused with 400. */
export function decodeCursor(cursor: string): SagaCursor {
  const parsed = content.safeParse(jsonOf(cursor));
  if (parsed.success) return { startedAt: parsed.data[0], sagaId: parsed.data[1] };
  const message = 'is no cursor of this list: send `next` of the page before as it is, or none';
  throw invalidRequest([{ path: 'cursor', message }]);
}

function jsonOf(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
