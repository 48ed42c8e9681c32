import { setTimeout as delay } from 'node:timers/promises';
import { labAction, labParticipant } from './actions';
import { eventually } from './eventually';
import type { Lab } from './lab';
import { labAround } from './lab-around';
import type { OpenRuntime } from './lab-around';
import { definition } from './road-world';

const SAGAS = 24;
/** In hand at one instance at once, so that no one takes it all. */
const PREFETCH = 2;

/** Several instances of one service, on a runtime; absent: an embedded one. */
export function sharing(open: OpenRuntime): void {
  let lab: Lab;
  const done = new Map<string, number>();

  function instance(who: string) {
    const work = labAction('work', async () => {
      await delay(10);
      done.set(who, (done.get(who) ?? 0) + 1);
      return 'done';
    });
    return labParticipant('worker', [work]);
  }

  async function runAll(): Promise<void> {
    const sagas = await Promise.all(Array.from({ length: SAGAS }, () => lab.start('working')));
    for (const saga of sagas) expect((await lab.until(saga)).status).toBe('completed');
  }

  labAround(
    open,
    {
      participants: [instance('one')],
      participantSettings: { prefetch: PREFETCH },
      definitions: [definition('working', [{ id: 'work', action: 'work', input: {} }])],
    },
    (opened) => {
      lab = opened;
    },
  );

  it('share the work: each saga is done by one of them, and all of them are told', async () => {
    const two = await lab.join(instance('two'), { prefetch: PREFETCH });
    await eventually('both are there', async () => {
      const [worker] = await lab.coordinator.roster();
      return worker?.instances.length === 2 ? worker : undefined;
    });
    await runAll();
    expect((done.get('one') ?? 0) + (done.get('two') ?? 0)).toBe(SAGAS);
    expect(Math.min(done.get('one') ?? 0, done.get('two') ?? 0)).toBeGreaterThan(0);
    await two.stop(1000);
  });

  it('when one says goodbye the other does it all', async () => {
    await eventually('one is left', async () => {
      const [worker] = await lab.coordinator.roster();
      return worker?.status === 'present' && worker.instances.length === 1 ? true : undefined;
    });
    done.clear();
    await runAll();
    expect([...done]).toEqual([['one', SAGAS]]);
  });
}
