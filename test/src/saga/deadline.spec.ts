import { definitionBound } from '@aura/contracts';
import type { CloudEvent, DefinitionSummary } from '@aura/contracts';
import { COORDINATOR_QUEUE } from '@aura/messaging';
import { eventually } from '../lab/eventually';
import { Grip } from './grip';
import { BY_TEST, House, puppetDefinition } from './house';
import type { Housed } from './house';

const DEADLINE_MS = 60_000;

describe('publishing a definition', () => {
  let house: House;
  let one: Housed;
  let tapped: readonly CloudEvent[];
  const single = puppetDefinition('single', [{ id: 'a' }]);

  beforeEach(async () => {
    house = await House.open();
    one = await house.coordinator('one', { publishDeadlineMs: DEADLINE_MS });
    tapped = await house.tap('ai.aura.definition.#');
    house.puppet.isConfirming = false;
  });
  afterEach(() => house.close());

  async function publish(by = one): Promise<DefinitionSummary> {
    await eventually('the action is known', async () => {
      const problems = await by.coordinator.checkDefinition(JSON.stringify(single), 'x.json');
      return problems.length === 0 ? true : undefined;
    });
    const published = await by.coordinator.publishDefinition(JSON.stringify(single), 'x.json', BY_TEST);
    if (!published.ok) throw new Error(JSON.stringify(published.error));
    return published.value;
  }

  const stands = (status: DefinitionSummary['status'], by = one): Promise<DefinitionSummary> =>
    eventually(`it is ${status}`, async () => {
      const [known] = await by.coordinator.definitions();
      return known?.status === status ? known : undefined;
    });

  /** The same event may be told twice, by two who find it untold. */
  const told = (): readonly CloudEvent[] => [...new Map(tapped.map((event) => [event.id, event])).values()];
  const typesTold = (): readonly string[] =>
    told().map(({ type }) => type.replace('ai.aura.definition.', ''));

  it('ends at its deadline when a participant does not confirm, says so, and can be tried again', async () => {
    const published = await publish();
    expect(published).toMatchObject({ status: 'publishing', waitsFor: ['puppet'] });
    house.world.pass(DEADLINE_MS - 10_000);
    expect((await publish()).until).toBe(published.until);
    house.world.pass(10_000);
    const expired = await stands('expired');
    expect([expired.waitsFor, expired.until]).toEqual([['puppet'], undefined]);
    await eventually('it is told', () => (told().length === 1 ? true : undefined));
    expect(told()[0]).toMatchObject({
      type: 'ai.aura.definition.expired.v1',
      data: { definition: 'single', version: '1.0.0', waitsFor: ['puppet'] },
    });
    expect(await one.coordinator.start({ workflow: 'single', input: {}, actor: BY_TEST })).toMatchObject({
      ok: false,
      error: {
        code: 'NOT_ACTIVE',
        message: 'workflow single was not confirmed in time by its participants: puppet',
        help: 'Start these participants and publish the definition again.',
      },
    });
    // Nobody is asked any more, and a word that comes late changes nothing.
    const { digest } = expired;
    await house.puppet.tell(definitionBound.type, { digest, definition: 'single', version: '1.0.0' });
    await house.puppet.announce();
    await eventually('all is heard', async () =>
      (await house.embedded.bus.depth(COORDINATOR_QUEUE)) === 0 ? true : undefined,
    );
    expect(await stands('expired')).toMatchObject({ waitsFor: [] });
    expect(await publish()).toMatchObject({ status: 'active', digest });
    await eventually('it is told', () => (told().length === 2 ? true : undefined));
    expect(typesTold()).toEqual(['expired.v1', 'activated.v1']);
  });

  it('that is tried again has a new deadline, and expires once more', async () => {
    await publish();
    house.world.pass(DEADLINE_MS);
    await stands('expired');
    const again = await publish();
    expect(Date.parse(again.until ?? '')).toBeGreaterThan(house.world.clock.now() + DEADLINE_MS - 10_000);
    house.world.pass(DEADLINE_MS);
    await eventually('it expires', () => (told().length === 2 ? true : undefined));
    expect(told().length).toBe(2);
    house.puppet.isConfirming = true;
    expect((await publish()).status).toBe('publishing');
    await stands('active');
  });

  it('that was confirmed in time does not expire', async () => {
    house.puppet.isConfirming = true;
    await publish();
    await stands('active');
    house.world.pass(DEADLINE_MS * 2);
    await eventually('it is told', () => (told().length === 1 ? true : undefined));
    expect(typesTold()).toEqual(['activated.v1']);
    await stands('active');
  });

  it.each(['activated', 'expired'])(
    'that is %s is told by the next coordinator when the one before died behind its row',
    async (status) => {
      const grip = new Grip();
      const two = await house.coordinator('two', { publishDeadlineMs: DEADLINE_MS }, grip);
      await one.stop();
      const isTelling = (args: readonly unknown[]): boolean =>
        JSON.stringify(args).includes(`ai.aura.definition.${status}.v1`);
      grip.fail({ call: 'bus.publish', when: 'before', times: 1000, matches: isTelling });
      const { digest } = await publish(two);
      if (status === 'expired') house.world.pass(DEADLINE_MS);
      else await house.puppet.tell(definitionBound.type, { digest, definition: 'single', version: '1.0.0' });
      await eventually('it cannot be told', () => (grip.hits > 0 ? true : undefined));
      await two.die();
      one = await house.coordinator('one');
      house.world.pass(2000);
      await eventually('it is told', () => (told().length > 0 ? true : undefined));
      expect(typesTold()).toEqual([`${status}.v1`]);
      await eventually('that it was told is kept', async () => {
        const rows = await house.embedded.journal('coordinator').read('definition/single@1.0.0');
        return rows.at(-1)?.body.includes('"told"') === true ? true : undefined;
      });
      house.world.pass(5000);
      await one.stop();
      one = await house.coordinator('one');
      house.world.pass(5000);
      await stands(status === 'expired' ? 'expired' : 'active');
      expect(told()).toHaveLength(1);
    },
  );
});
