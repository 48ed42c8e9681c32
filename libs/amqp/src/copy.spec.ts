import { Call } from './copy';

describe('a call of publish', () => {
  it('ends when every copy is safe', async () => {
    const call = callOf(2);
    call.done();
    expect(call.isSettled).toBe(false);
    call.done();
    await expect(call.promise).resolves.toBeUndefined();
  });

  it('tells the first error, when nothing is under way any more', async () => {
    const call = callOf(3);
    call.done();
    call.done(new Error('first'));
    expect(call.isSettled).toBe(false);
    call.done(new Error('second'));
    await expect(call.promise).rejects.toThrow('first');
  });

  it('stays as it ended', async () => {
    const call = callOf(1);
    call.settle(new Error('given up'));
    call.done();
    await expect(call.promise).rejects.toThrow('given up');
  });
});

function callOf(copies: number): Call {
  const call = new Call(0);
  for (let i = 0; i < copies; i += 1) call.expect();
  return call;
}
