import { TransactionHouse } from './transaction-house';
import type { Branch } from './transaction-house';

jest.setTimeout(180_000);

describe('a look that is reserved at three services by two coordinators, on servers', () => {
  let house: TransactionHouse;

  beforeAll(async () => {
    house = await TransactionHouse.open();
  }, 300_000);
  afterAll(() => house?.close(), 60_000);

  /** Nothing is half committed, whatever was done before. */
  afterEach(async () => {
    // A test that failed may have left it standing still.
    house.service('budget').resume();
    expect(await house.audit()).toEqual({
      code: 0,
      out: expect.stringContaining('transactions') as string,
    });
  });

  it('is committed at all of them', async () => {
    const saga = await house.reserve(await house.customer());
    expect(await house.ended(saga)).toBe('completed');
    expect(await house.transaction(saga)).toMatchObject({ status: 'committed' });
  });

  it('is aborted at all of them when one says no', async () => {
    const saga = await house.reserve(await house.customer({ amountCents: 100, currency: 'EUR' }));
    expect(await house.ended(saga)).toBe('failed');
    expect(await house.transaction(saga)).toMatchObject({
      status: expect.stringMatching(/^abort/) as string,
      error: { code: 'BUDGET_TOO_SMALL' },
    });
  });

  it('is committed in the end although a service is killed while it is to prepare', async () => {
    const saga = await house.reserve(await house.customer());
    await house.told(saga, 'prepare-requested', 'budget');
    await house.service('budget').kill();
    await house.restart('budget');
    expect(await house.ended(saga)).toBe('completed');
  });

  /** Begins to reserve a look while one service stands still: everybody else votes, and nothing is decided. */
  async function undecided(voter: Branch, still: Branch = 'budget'): Promise<string> {
    const userId = await house.customer();
    house.service(still).pause();
    const saga = await house.reserve(userId);
    await house.recorded(saga, voter, 'vote');
    return saga;
  }

  it('is decided and heard of although a service is killed behind its yes', async () => {
    const saga = await undecided('stock');
    await house.service('stock').kill();
    house.service('budget').resume();
    await house.restart('stock');
    expect(await house.ended(saga)).toBe('completed');
    await house.recorded(saga, 'stock', 'end');
  });

  it('is committed everywhere although a service is killed when that is decided', async () => {
    const saga = await house.reserve(await house.customer());
    await house.told(saga, 'committed');
    await house.service('save').kill();
    await house.restart('save');
    expect(await house.ended(saga)).toBe('completed');
    await house.recorded(saga, 'save', 'end');
  });

  it('is decided by the other coordinator when one is killed before that', async () => {
    const saga = await undecided('stock');
    const { aurapartition = 0 } = await house.told(saga, 'prepare-requested', 'budget');
    const killed = await house.killOwner(aurapartition);
    house.service('budget').resume();
    await house.restartCoordinator(killed);
    expect(['completed', 'failed']).toContain(await house.ended(saga, 90_000));
  });

  it('is told by the other coordinator when one is killed behind the decision', async () => {
    const saga = await house.reserve(await house.customer());
    const { aurapartition = 0 } = await house.told(saga, 'committed');
    const killed = await house.killOwner(aurapartition);
    await house.restartCoordinator(killed);
    expect(await house.ended(saga, 90_000)).toBe('completed');
  });

  it('is shown in doubt while a service is dead, and decided by a person from the command line', async () => {
    const saga = await undecided('stock');
    // Killed between its row and its word, it would say yes only when it is there again.
    await house.heard(saga, 'stock');
    await house.service('stock').kill();
    house.service('budget').resume();
    await house.told(saga, 'committed');
    await house.recorded(saga, 'budget', 'end');
    const id = `${saga}/1/reserve/1`;
    expect(await house.aura('tx', 'list')).toMatchObject({
      code: 0,
      out: expect.stringContaining(id) as string,
    });
    expect(await house.aura('tx', 'show', id)).toMatchObject({
      code: 0,
      out: expect.stringContaining('stock at recommendation-engine') as string,
    });
    expect(await house.aura('tx', 'decide', id, 'aborted', '--note', 'it is gone')).toMatchObject({
      code: 1,
      out: expect.stringContaining('a decision never changes') as string,
    });
    expect(await house.aura('tx', 'forget', id)).toMatchObject({ code: 1 });
    expect(await house.aura('tx', 'decide', id, 'committed', '--note', 'seen on the shelf')).toMatchObject({
      code: 0,
    });
    expect(await house.ended(saga)).toBe('completed');
    await house.restart('stock');
    await house.recorded(saga, 'stock', 'end');
    expect(await house.aura('tx', 'forget', id)).toMatchObject({ code: 0 });
    expect(await house.aura('tx', 'list', '--saga', saga)).toMatchObject({
      code: 0,
      out: expect.stringContaining('no transaction waits for anything') as string,
    });
  });
});
