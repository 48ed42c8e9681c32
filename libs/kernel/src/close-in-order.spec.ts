import { closeInOrder } from './close-in-order';

describe('closing in order', () => {
  const closed: string[] = [];
  const closing = (name: string, error?: Error) => async (): Promise<void> => {
    await Promise.resolve();
    closed.push(name);
    if (error !== undefined) throw error;
  };
  beforeEach(() => closed.splice(0));

  it('closes one after the other', async () => {
    await closeInOrder([closing('a'), closing('b')]);
    expect(closed).toEqual(['a', 'b']);
  });

  it('closes what stands behind one that fails, and rejects with its error', async () => {
    const full = new Error('the disk is full');
    await expect(closeInOrder([closing('a', full), closing('b')])).rejects.toBe(full);
    expect(closed).toEqual(['a', 'b']);
  });

  it('rejects with all errors when there are several', async () => {
    const errors = [new Error('no disk'), new Error('no net')];
    const refused = closeInOrder(errors.map((error, n) => closing(String(n), error)));
    await expect(refused).rejects.toMatchObject({ errors, message: 'Error: no disk\nError: no net' });
    expect(closed).toEqual(['0', '1']);
  });
});
