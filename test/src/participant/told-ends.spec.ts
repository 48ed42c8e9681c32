import { stepFailed, stepSkipped } from '@aura/contracts';
import type { JsonObject } from '@aura/contracts';
import type { Plan } from '@aura/workflow';
import { labParticipant, takeAction } from '../lab/actions';
import { HeardBus } from './heard-bus';
import { Stage } from './stage';

/** Does not tell with the row, as a bus of servers does not. */
class ApartBus extends HeardBus {
  override telling(): undefined {
    return undefined;
  }
}

describe('the end of a stateful step, where journal and bus share a store', () => {
  let stage: Stage;
  let bus: HeardBus;
  let plan: Plan;

  const begin = (saga: string, input: JsonObject, id = saga) => stage.begin(plan, saga, input, { id });
  const open = async (Bus: typeof HeardBus = HeardBus) => {
    const ports = stage.ports('alpha');
    bus = new Bus(ports.bus, stage.world.clock);
    await stage.start(labParticipant('alpha', [takeAction()]), { ports: { bus } });
    plan = await stage.publish({
      id: 'shop',
      input: { type: 'object', properties: { go: {}, amount: {} }, required: ['go', 'amount'] },
      steps: [{ id: 'take', action: 'take', when: 'input.go == true', input: { amount: 'input.amount' } }],
    });
  };

  beforeEach(async () => {
    stage = await Stage.open();
  });
  afterEach(() => stage.close());

  test('is published with its row, once; a repeated trigger publishes what stands', async () => {
    await open();
    await begin('s1', { go: true, amount: 1 });
    const end = await stage.ended('s1', 'take');
    expect(end.type).toBe('lab.take.done.v1');
    expect(bus.of('take')).toEqual([]);
    await begin('s1', { go: true, amount: 1 }, 'again');
    expect(await stage.ended('s1', 'take', 2)).toEqual(end);
    expect(bus.of('take')).toEqual(['lab.take.done.v1']);
  });

  test('is published with its row when the step is skipped', async () => {
    await open();
    await begin('s1', { go: false, amount: 1 });
    expect((await stage.ended('s1', 'take')).type).toBe(stepSkipped.type);
    expect(bus.of('take')).toEqual([]);
  });

  test('is published behind its row when it is a refusal, behind what is taken back', async () => {
    await open();
    await begin('s1', { go: true, amount: 1_000_000 });
    expect((await stage.ended('s1', 'take')).type).toBe(stepFailed.type);
    expect(bus.of('take')).toEqual([stepFailed.type]);
  });

  test('is published behind its row where the bus does not do both', async () => {
    await open(ApartBus);
    await begin('s1', { go: true, amount: 1 });
    await stage.ended('s1', 'take');
    expect(bus.of('take')).toEqual(['lab.take.done.v1']);
  });
});
