import type { StartRefusal } from '@aura/saga';
import { ScriptedCoordinator } from '../testing/scripted-coordinator';
import { startWhenActive } from './start-when-active';

const request = { workflow: 'greet', input: {}, actor: { subject: 'ada', roles: [] } };
const patience = { participantsMs: 60_000, signal: new AbortController().signal, pending: () => undefined };
const accepted = {
  sagaId: 's',
  workflow: 'greet',
  version: '1.0.0',
  status: 'running',
  duplicate: false,
} as const;
const notActive: StartRefusal = { code: 'NOT_ACTIVE', message: 'not now', help: 'Look.' };

describe('a start of a workflow that is not active', () => {
  /** Starts it; answers how often the coordinator was asked, which refuses with these, one after the other, and then starts. */
  async function tries(...refusals: readonly StartRefusal[]): Promise<number> {
    let asked = 0;
    const { coordinator } = new ScriptedCoordinator({
      start: async () => {
        const error = refusals[asked++];
        if (error !== undefined) return { ok: false, error };
        return { ok: true, value: accepted };
      },
    });
    await startWhenActive(coordinator, request, patience);
    return asked;
  }

  it('is tried again while participants may still come', async () => {
    expect(await tries({ ...notActive, waitsFor: ['greeter'] }, { ...notActive, waitsFor: [] })).toBe(3);
  });

  it('is refused at once when it waits for nobody, as one that is retired', async () => {
    await expect(tries(notActive)).rejects.toThrow('not now');
  });
});
