import { BusinessError, defineAction, z } from '@aura/nest';
import type { Action } from '@aura/nest';
import type { Operations } from './operations';

/** Books one of the free places of a slot, e.g. of a fitting room; undone, the place is free again. */
export function bookSlot(operations: Operations): Action {
  return defineAction({
    name: 'book-slot',
    description: 'Books a place in a slot.',
    kind: 'stateful',
    input: z.object({ slot: z.string() }),
    output: z.object({ slot: z.string() }),
    emits: 'com.example.slot.booked.v1',
    run: async ({ slot }, { operation }) => {
      await operations.apply(operation, async (client) => {
        const taken = await client.query('UPDATE slots SET free = free - 1 WHERE name = $1 AND free > 0', [
          slot,
        ]);
        if (taken.rowCount === 0)
          throw new BusinessError(`no place is free in ${slot}`, {
            code: 'NO_PLACE',
            help: 'Choose another slot.',
          });
      });
      return { output: { slot } };
    },
    undo: {
      name: 'free-slot',
      run: ({ input: { slot } }, { operation }) =>
        operations.reverse(operation, async (client) => {
          await client.query('UPDATE slots SET free = free + 1 WHERE name = $1', [slot]);
        }),
    },
  });
}
