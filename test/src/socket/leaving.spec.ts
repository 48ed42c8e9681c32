import { NO_LOG } from '@aura/kernel';
import { VirtualWorld } from '@aura/kernel/testing';
import { until } from '@aura/messaging/testing';
import { startParticipant } from '@aura/workflow';
import type { RunningParticipant } from '@aura/workflow';
import type { JoinedAura } from '@aura/socket';
import { labAction, labParticipant } from '../lab/actions';
import { JoinedHarness } from './joined-harness';

describe('a participant whose host has gone', () => {
  let harness: JoinedHarness;
  let guest: JoinedAura;
  let world: VirtualWorld;
  let running: RunningParticipant;
  let warnings: string[];

  beforeEach(async () => {
    harness = await JoinedHarness.open();
    guest = await harness.join();
    world = new VirtualWorld();
    warnings = [];
    const alpha = labParticipant('alpha', [labAction('echo', (input) => input)]);
    const log = { ...NO_LOG, warn: (message: string) => void warnings.push(message) };
    const { bus, claims } = guest;
    const stores = {
      journal: guest.journal('alpha'),
      views: guest.views('alpha'),
      fast: guest.fast('alpha'),
    };
    running = await startParticipant(
      alpha,
      { ...stores, bus, claims, world, log },
      { instance: 'alpha@guest' },
    );
    await harness.goAway();
    await until(() => bus.health().status === 'down', 'the loss');
  });
  afterEach(async () => {
    await harness.comeBack();
    await harness.close();
  });

  it('stops at once', async () => {
    await running.stop(60_000);
    expect(warnings).toEqual(['could not say goodbye: the bus is down']);
    expect(world.waiting).toBe(0);
  });

  it('stops in its time though a look at its store is on its way, which the closing of the stores ends', async () => {
    // It looks for undecided branches; nobody answers.
    await world.advance(2000);
    const stopping = running.stop(1000);
    await world.advance(1000);
    await stopping;
    expect(warnings).toEqual(['could not say goodbye: the bus is down']);
    expect(world.waiting).toBe(0);
    await guest.close();
    await until(() => warnings.length === 2, 'the end of the look');
    expect(warnings[1]).toBe('undecided branches could not be looked through; the next instance does');
  });
});
