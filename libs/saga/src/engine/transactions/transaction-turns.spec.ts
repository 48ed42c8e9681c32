import { VirtualWorld } from '@aura/kernel/testing';
import { TransactionTurns } from './transaction-turns';

interface Item {
  readonly name: string;
  readonly isPatient: boolean;
}

const patient = (name: string): Item => ({ name, isPatient: true });
const urgent = (name: string): Item => ({ name, isPatient: false });

/** Turns that end when the test says so, or at once. */
function opened({ mostLingering = 10, isHeld = false } = {}) {
  const world = new VirtualWorld();
  const begun: string[] = [];
  const beside: string[] = [];
  const ends: (() => void)[] = [];
  const work = {
    mayLinger: (item: Item, waiting: readonly Item[]) => {
      beside.push(`${item.name} beside ${waiting.map(({ name }) => name).join('+') || 'nobody'}`);
      return item.isPatient;
    },
    turn: (items: readonly Item[]) => {
      begun.push(items.map(({ name }) => name).join('+'));
      return isHeld ? new Promise<void>((resolve) => ends.push(resolve)) : Promise.resolve();
    },
  };
  return { world, begun, beside, ends, turns: new TransactionTurns<Item>(world, work, mostLingering) };
}

function promisesGoOn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe('turns of transactions', () => {
  it('hold what lingered and what it waited for, in their order', async () => {
    const { turns, begun, beside } = opened();
    turns.enter('s', patient('left'));
    turns.enter('s', patient('right'));
    await promisesGoOn();
    expect(begun).toEqual([]);
    turns.enter('s', urgent('last'));
    await promisesGoOn();
    expect(begun).toEqual(['left+right+last']);
    expect(beside).toEqual(['left beside nobody', 'right beside left', 'last beside left+right']);
  });

  it('begin without what does not come', async () => {
    const { turns, begun, world } = opened();
    turns.enter('s', patient('left'));
    await world.advance(99);
    expect(begun).toEqual([]);
    await world.advance(1);
    await promisesGoOn();
    expect(begun).toEqual(['left']);
    turns.enter('s', urgent('last'));
    await world.advance(1000);
    await promisesGoOn();
    expect(begun).toEqual(['left', 'last']);
  });

  it('of one step come one after the other, those of others beside them; nothing lingers behind one that is under way', async () => {
    const { turns, begun, ends } = opened({ isHeld: true });
    turns.enter('s', urgent('first'));
    turns.enter('s', patient('second'));
    turns.enter('other', urgent('beside'));
    await promisesGoOn();
    expect(begun).toEqual(['first', 'beside']);
    ends[0]?.();
    await promisesGoOn();
    expect(begun).toEqual(['first', 'beside', 'second']);
  });

  it('leave room: behind so many that linger nobody else does', async () => {
    const { turns, begun, world } = opened({ mostLingering: 1 });
    turns.enter('s', patient('left'));
    turns.enter('other', patient('right'));
    await promisesGoOn();
    expect(begun).toEqual(['right']);
    await world.advance(100);
    await promisesGoOn();
    turns.enter('third', patient('now lingers'));
    await promisesGoOn();
    expect(begun).toEqual(['right', 'left']);
  });
});
