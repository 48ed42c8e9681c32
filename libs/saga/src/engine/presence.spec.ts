import { VirtualWorld } from '@aura/kernel/testing';
import { openEmbedded } from '@aura/embedded';
import type { Embedded } from '@aura/embedded';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Catalogue, PARTICIPANT_VIEWS } from './catalogue';
import { DEFINITION_VIEWS } from './definition-record';
import { DefinitionStore } from './definition-store';
import { Definitions } from './definitions';
import { Presence } from './presence';

const HEARTBEAT_MS = 5000;

describe('the presence of participants', () => {
  const folder = mkdtempSync(join(tmpdir(), 'aura-presence-'));
  let world: VirtualWorld;
  let embedded: Embedded;
  let presence: Presence;

  beforeAll(async () => {
    world = new VirtualWorld();
    embedded = await openEmbedded({ path: join(folder, 'aura.db'), world });
    const views = embedded.views('coordinator');
    const catalogue = new Catalogue(await views.open(PARTICIPANT_VIEWS), world);
    const { bus, leases, claims } = embedded;
    const nothing = (): void => undefined;
    const ports = {
      bus,
      leases,
      claims,
      world,
      views,
      journal: embedded.journal('coordinator'),
      fast: embedded.fast('coordinator'),
      log: { debug: nothing, info: nothing, warn: nothing, error: nothing },
    };
    const store = new DefinitionStore(ports, await views.open(DEFINITION_VIEWS));
    const definitions = new Definitions(ports, { publishDeadlineMs: 1000 }, store, catalogue);
    presence = new Presence(ports.fast.registry, world.clock, { catalogue, definitions });
    await catalogue.heard({ participant: 'nlu', version: '1.0.0', actions: [] });
  });

  afterAll(async () => {
    await embedded.close();
    rmSync(folder, { recursive: true });
  });

  const beat = (instance: string): Promise<void> =>
    presence.heard({ participant: 'nlu', instance, version: '1.0.0' });

  async function told(): Promise<readonly string[]> {
    const [nlu] = await presence.roster();
    const instances = (nlu?.instances ?? []).map(({ instance, status }) => `${instance} ${status}`);
    return [`nlu ${nlu?.status}`, ...instances];
  }

  it('one that was heard once is missing until it is heard again', async () => {
    expect(await told()).toEqual(['nlu missing']);
  });

  it('several instances are told apart; one that falls silent is missing within three heartbeats', async () => {
    await Promise.all([beat('nlu@a'), beat('nlu@b/1')]);
    expect(await told()).toEqual(['nlu present', 'nlu@a present', 'nlu@b/1 present']);
    for (let beats = 0; beats < 3; beats++) {
      await world.advance(HEARTBEAT_MS);
      await beat('nlu@a');
    }
    expect(await told()).toEqual(['nlu present', 'nlu@a present', 'nlu@b/1 missing']);
  });

  it('with the last one the participant is missing, and back with its next heartbeat', async () => {
    await world.advance(3 * HEARTBEAT_MS);
    expect(await told()).toEqual(['nlu missing', 'nlu@a missing', 'nlu@b/1 missing']);
    await beat('nlu@b/1');
    expect(await told()).toEqual(['nlu present', 'nlu@a missing', 'nlu@b/1 present']);
  });

  it('one that says goodbye is forgotten', async () => {
    await presence.left({ participant: 'nlu', instance: 'nlu@a' });
    expect(await told()).toEqual(['nlu present', 'nlu@b/1 present']);
  });

  it('a heartbeat that waited in the queue for longer than three of them says nothing of now', async () => {
    await presence.heard(
      { participant: 'nlu', instance: 'nlu@old', version: '1.0.0' },
      world.clock.now() - 20_000,
    );
    expect(await told()).toEqual(['nlu present', 'nlu@b/1 present']);
  });

  it('tells when an instance was heard last', async () => {
    const [nlu] = await presence.roster();
    expect(nlu?.instances[0]?.seenAt).toBe(new Date(world.clock.now()).toISOString());
  });
});
