import { stepBegun } from '@aura/contracts';
import { BusinessError } from '@aura/kernel';
import { Client, COORDINATOR, Installation } from '@aura/testing';
import type { Fault } from '@aura/testing';
import { defineAction } from '@aura/workflow';
import { z } from 'zod';

const ACTOR = { subject: 'somebody', roles: [] } as const;
const WAIT = {
  type: 'wait',
  wait: { on: 'shop.paid.v1', correlate: 'event.data.order', match: 'input.order' },
};

const pick = defineAction({
  name: 'pick',
  kind: 'pure',
  emits: 'shop.picked.v1',
  input: z.object({ order: z.string() }),
  output: z.object({ order: z.string() }),
  run: ({ order }) => {
    if (order === 'refused') throw new BusinessError('it is gone', { code: 'GONE', help: 'Take another.' });
    return { output: { order } };
  },
});

const PICK = { action: 'pick', input: { order: 'input.order' }, failure: { policy: 'suspend' } };

/** Definitions, by when their wait begins. */
const DEFINITIONS = {
  at_once: [{ id: 'paid', ...WAIT }],
  behind: [
    { id: 'picked', ...PICK },
    { id: 'paid', ...WAIT, dependencies: ['picked'] },
  ],
};

/** Whoever hears that a saga waits may send the event at once, and another saga may wait for the same one. */
describe.each([
  { stores: 'broker and journals are two stores', isOneStore: false },
  { stores: 'they are one', isOneStore: true },
])('a wait for an event stands where waits are looked for before anybody hears of it: $stores', (given) => {
  let installation: Installation;
  let client: Client;
  /** Waits of which was told, and whether each could be found. */
  let told: Map<string, boolean>;

  beforeEach(async () => {
    const seen = new Map<string, boolean>();
    const own: Installation = new Installation('waits', {
      onPublish: ({ event: { aurastep, correlationid, type } }) => {
        const id = `${correlationid}/${aurastep}`;
        if (type !== stepBegun.type || seen.has(id)) return;
        seen.set(id, own.stores(COORDINATOR).views.table('waits').get(id) !== undefined);
      },
    });
    [installation, told] = [own, seen];
    installation.broker.isOneStore = given.isOneStore;
    installation.addCoordinator('one', { partitions: 1, flushMs: 10_000 });
    installation.addParticipant({ name: 'shop', version: '1.0.0', actions: [pick] }, 'shop@1');
    await installation.until(() => installation.hosts.every(({ isUp }) => isUp), 60_000);
    client = new Client(installation);
    for (const [id, steps] of Object.entries(DEFINITIONS)) await publish(id, steps);
  });

  async function publish(id: string, steps: readonly object[]): Promise<void> {
    const input = { type: 'object', properties: { order: { type: 'string' } }, required: ['order'] };
    const text = JSON.stringify({ id, name: id, version: '1.0.0', timeout: '1h', input, steps });
    const published = await client.ask((one) => one.publishDefinition(text, id, ACTOR));
    expect(published).toMatchObject({ ok: true });
    await installation.timeline.advance(3000);
  }

  async function start(workflow: keyof typeof DEFINITIONS, order: string): Promise<string> {
    const started = await client.ask((one) => one.start({ workflow, input: { order }, actor: ACTOR }));
    if (!started.ok) throw new Error(started.error.message);
    return started.value.sagaId;
  }

  async function expectFound(saga: string): Promise<void> {
    await installation.until(() => told.has(`${saga}/paid`), 60_000);
    expect([...told]).toEqual([[`${saga}/paid`, true]]);
  }

  it('when it begins with its saga', async () => {
    await expectFound(await start('at_once', 'o1'));
  });

  it('when it begins behind a step', async () => {
    await expectFound(await start('behind', 'o1'));
  });

  it('when a person has its saga go on', async () => {
    const saga = await start('behind', 'refused');
    await installation.timeline.advance(2000);
    const output = { order: 'another' };
    await client.ask((one) => one.mend({ sagaId: saga, command: 'resume', actor: ACTOR, output }));
    await expectFound(saga);
  });

  it.each(['at_once', 'behind'] as const)('when its process dies before it stands: %s', async (workflow) => {
    let deaths = 0;
    const crash: Fault = { kind: 'crashBefore', ms: 20, mask: 0 };
    installation.around.faults = {
      at: (_process, effect, subject) =>
        effect === 'views.put' && subject.startsWith('waits/') && deaths++ === 0 ? crash : undefined,
    };
    // Whoever asked is not answered.
    void start(workflow, 'o1').catch(() => undefined);
    await installation.until(() => told.size > 0, 60_000);
    expect([deaths > 0, [...told.values()]]).toEqual([true, [true]]);
  });

  it('when it is not to be put for a while', async () => {
    let refused = 0;
    installation.around.faults = {
      at: (_process, effect, subject) =>
        effect === 'views.put' && subject.startsWith('waits/') && refused++ < 3
          ? { kind: 'refused', ms: 0, mask: 0 }
          : undefined,
    };
    const saga = await start('behind', 'o1');
    await expectFound(saga);
    expect(refused).toBeGreaterThan(3);
  });
});
