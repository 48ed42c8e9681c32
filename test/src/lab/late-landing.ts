import type { SagaDetail } from '@aura/contracts';
import { labParticipant, stock, takeAction } from './actions';
import { eventually } from './eventually';
import type { Lab } from './lab';
import { labAround } from './lab-around';
import type { OpenRuntime } from './lab-around';
import { definition } from './road-world';
import { sleeper } from './sleeper';
import type { AboutTo } from './sleeper';
import { stockLeft } from './stock-left';

const actor = { subject: 'kim', roles: ['operator'] } as const;
const shop = labParticipant('shop', [takeAction()]);

/** Moments at which the participant of the second of four steps falls asleep, and what its undo is answered with. */
const MOMENTS: readonly {
  readonly when: string;
  readonly isMoment: (step: string, about: AboutTo) => boolean;
  readonly second: 'nothing' | 'undone';
}[] = [
  {
    when: 'before its claim',
    isMoment: (step, { append }) => append?.stream === step && append.operations.includes('claim'),
    second: 'nothing',
  },
  {
    when: 'between its claim and its effect',
    isMoment: (step, { append }) => append?.stream.startsWith('stock/') === true && isOf(step, append.body),
    second: 'nothing',
  },
  {
    when: 'between its effect and its end',
    isMoment: (step, { append }) => append?.stream === step && append.operations.includes('end'),
    second: 'undone',
  },
  {
    when: 'before it tells its end',
    isMoment: (step, { publish }) => publish?.event.id.startsWith(step.slice('step/'.length)) === true,
    second: 'undone',
  },
];

function isOf(step: string, body: string): boolean {
  return body.includes(step);
}

const row = (id: string, ...dependencies: readonly string[]) => ({
  id,
  action: 'take',
  dependencies,
  input: { item: 'input.item' },
});

/**
 * Slow participants whose action lands after the saga was given up, in every phase, with two stateful steps behind it; on
 * a runtime; absent: an embedded one.
 */
export function lateLanding(open: OpenRuntime): void {
  let lab: Lab;

  labAround(
    open,
    {
      participants: [],
      definitions: [],
    },
    async (opened) => {
      lab = opened;
      const known = await lab.join(shop);
      await lab.publish(
        definition('in_a_row', [
          row('first'),
          row('second', 'first'),
          row('third', 'second'),
          row('fourth', 'third'),
        ]),
      );
      await known.stop(1000);
    },
  );

  const left = (item: string): Promise<number> => stockLeft(lab.runtime, item);

  const answers = async (sagaId: string) =>
    (await lab.coordinator.compensation(sagaId))?.steps.map(({ step, status }) => `${step} ${status}`);

  async function cancelled(sagaId: string): Promise<SagaDetail> {
    const answer = await lab.coordinator.cancel({ sagaId, actor, reason: 'changed my mind' });
    expect(answer).toMatchObject({ ok: true });
    return lab.until(sagaId);
  }

  test.each(MOMENTS)('that falls asleep $when takes no effect behind the answered undo', async (moment) => {
    const item = moment.when.replaceAll(' ', '-');
    let saga = '';
    const isMoment = (about: AboutTo): boolean => moment.isMoment(`step/${saga}/1/second`, about);
    const paused = sleeper(lab.runtime, isMoment);
    // One delivery in hand: whoever sleeps leaves all others to those that are awake.
    const slow = await lab.join(shop, { prefetch: 1 }, paused.runtime);
    saga = await lab.start('in_a_row', { item });
    await paused.asleep;
    const awake = await lab.join(shop);
    expect(await cancelled(saga)).toMatchObject({ status: 'cancelled' });
    const answered = ['fourth nothing', 'third nothing', `second ${moment.second}`, 'first undone'];
    expect(await answers(saga)).toEqual(answered);
    expect(await left(item)).toBe(stock.initial);
    paused.wake();
    await slow.stop(10_000);
    expect(await left(item)).toBe(stock.initial);
    const after = await lab.run('in_a_row', { item });
    expect(after.status).toBe('completed');
    expect(await left(item)).toBe(stock.initial - 4);
    expect(await lab.coordinator.find(saga)).toMatchObject({ status: 'cancelled' });
    expect(await answers(saga)).toEqual(answered);
    await awake.stop(1000);
  });

  test('that was not there finds trigger and undo in its queue, and leaves nothing', async () => {
    const saga = await lab.start('in_a_row', { item: 'absent' });
    const cancelling = lab.coordinator.cancel({ sagaId: saga, actor });
    await eventually('it is being undone', async () =>
      (await lab.coordinator.find(saga))?.status === 'compensating' ? true : undefined,
    );
    await cancelling;
    const late = await lab.join(shop);
    expect(await lab.until(saga)).toMatchObject({ status: 'cancelled' });
    expect(await left('absent')).toBe(stock.initial);
    await late.stop(1000);
  });
}
