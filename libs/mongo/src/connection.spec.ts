import { StoreUnavailableError } from '@aura/kernel';
import { Connection } from './connection';
import { checkMongoOptions } from './mongo-options';

describe('a call that is never answered', () => {
  it('ends with its time limit, as a store that is away', async () => {
    const options = checkMongoOptions({ url: 'mongodb://127.0.0.1:1', database: 'nowhere', limitMs: 100 });
    const connection = Connection.to(options);
    const since = performance.now();
    const call = connection.persist('question', () => new Promise(() => undefined));
    await expect(call).rejects.toBeInstanceOf(StoreUnavailableError);
    expect(performance.now() - since).toBeGreaterThanOrEqual(95);
    await connection.close();
  });
});
