import type { RunningCoordinator } from '@aura/saga';
import { labAction, labParticipant } from './actions';
import { eventually } from './eventually';
import { Lab, labCoordinator } from './lab';
import { mortal } from './mortal';
import type { Mortal } from './mortal';

const PARTITIONS = [0, 1, 2, 3];
const SAGAS = 12;
const actor = { subject: 'tester', roles: [] } as const;

/** A lease that does not run out while the dead one comes back. */
const settings = { leaseMs: 10_000 };

describe('a coordinator that dies behind its append and before its publication', () => {
  let lab: Lab;
  let first: Mortal;
  let returned: RunningCoordinator | undefined;

  beforeAll(async () => {
    lab = await Lab.open({
      participants: [labParticipant('speaker', [labAction('speak', () => 'spoken')])],
      definitions: [
        { id: 'speech', name: 'Speech', version: '1.0.0', steps: [{ id: 'said', action: 'speak' }] },
      ],
      settings,
    });
    first = mortal(lab.runtime);
  });

  afterAll(async () => {
    await returned?.stop();
    await lab.close();
  });

  async function sagas(): Promise<readonly string[]> {
    const { journal } = await lab.runtime.stores('coordinator');
    const heads = await journal.scan({ partitions: PARTITIONS, since: 0, limit: 100 });
    return heads.map(({ stream }) => stream.slice('saga/'.length));
  }

  it('and is back under its name at once leaves no start behind, whoever owns its partition', async () => {
    const dying = await labCoordinator(first.runtime, 'two', settings);
    await eventually('they share', () => (dying.partitions().length === 2 ? true : undefined));
    await eventually('they share', () => (lab.coordinator.partitions().length === 2 ? true : undefined));
    first.hush();
    for (let n = 0; n < SAGAS; n++) void dying.start({ workflow: 'speech', input: {}, actor });
    await eventually('all stand', async () => ((await sagas()).length === SAGAS ? true : undefined));
    await first.die();
    returned = await labCoordinator(lab.runtime, 'two', settings);
    for (const saga of await sagas()) expect(await lab.until(saga)).toMatchObject({ status: 'completed' });
  });
});
