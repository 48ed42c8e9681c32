import { styleProfiled } from '@aura/contracts';
import { TerminalError } from '@aura/kernel';
import type { Subscription } from '@aura/workflow';
import type { ProfileJournal } from './profile-journal';

/**
 * Remembers every profile that was made of a known person. Idempotent by the event's source and id; profiles of
 * strangers are passed over.
 */
export function onStyleProfiled(profiles: ProfileJournal): Subscription {
  return {
    on: styleProfiled.type,
    handle: async ({ source, id, time, data }) => {
      const read = styleProfiled.data.safeParse(data);
      if (!read.success) throw notAProfile(source, id, read.error);
      const profile = read.data.output;
      if (profile.userId === undefined) return;
      const at = time === undefined ? undefined : Date.parse(time);
      await profiles.remember({
        userId: profile.userId,
        operation: JSON.stringify([source, id]),
        profile,
        at,
      });
    },
  };
}

function notAProfile(source: string, id: string, cause: unknown): TerminalError {
  return new TerminalError(`event ${id} of ${source} says that it is a style profile and holds none`, {
    code: 'NOT_A_PROFILE',
    help: 'Look at who emits it: its data does not keep the contract of ai.aura.style.profiled.v1.',
    cause,
  });
}
