import { traceOfSaga } from '@aura/saga';
import { House, puppetDefinition } from './house';
import type { Housed } from './house';

const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00';

describe('the trace of a saga', () => {
  let house: House;
  let one: Housed;

  beforeAll(async () => {
    house = await House.open();
    one = await house.coordinator('one');
    await house.publish(one, puppetDefinition('chain', [{ id: 'a' }]));
  });

  afterAll(() => house.close());

  const traceOf = (saga: string) => traceOfSaga(house.embedded.journal('coordinator'), saga);

  it('is what its start brought', async () => {
    const saga = await house.start(one, 'chain', { trace: () => ({ traceparent: TRACEPARENT }) });
    expect(await traceOf(saga)).toEqual({ traceparent: TRACEPARENT });
  });

  it('is empty where nobody traced its start', async () => {
    expect(await traceOf(await house.start(one, 'chain'))).toEqual({});
  });

  it('is none where there is no such saga', async () => {
    expect(await traceOf('nobody')).toBeUndefined();
  });
});
