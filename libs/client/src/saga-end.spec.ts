import { connect, type ConnectOptions } from './client';
import { SagaNotCompletedError, UnexpectedAnswerError } from './errors';
import type { EndedSaga } from './saga-handle';
import { frame, json, saga, scriptedServer, stream } from './testing/scripted-server';
import type { Answer, ScriptedServer } from './testing/scripted-server';

const error = { kind: 'business', code: 'NO', message: 'will not' };

let server: ScriptedServer;

async function handleOf(answers: readonly Answer[], options: Partial<ConnectOptions> = {}) {
  server = await scriptedServer(...answers);
  return connect({ url: server.url, ...options }).saga('s');
}

afterEach(() => server.close());

/** Does not compile when an end is missing here, or is none. */
function said(end: EndedSaga): unknown {
  switch (end.status) {
    case 'completed':
      return end.output;
    case 'failed':
    case 'compensated':
      return end.error.code;
    case 'cancelled':
      return end.cancelled?.reason;
  }
}

describe('the end of a saga', () => {
  it.each([
    ['completed', { output: { a: 1 } }, { a: 1 }],
    ['completed', {}, null],
    ['failed', { error }, 'NO'],
    ['compensated', { error }, 'NO'],
    ['cancelled', { cancelled: { by: 'ada', reason: 'enough' } }, 'enough'],
  ])('is one of four: %s', async (status, more, wanted) => {
    const handle = await handleOf([stream([frame(1, status)]), json(200, saga(status, more))]);
    expect(said(await handle.ended())).toEqual(wanted);
  });

  it('is told once the view shows it, however late that is', async () => {
    const answers = [
      stream([frame(1, 'completed')]),
      json(200, saga('running')),
      json(200, saga('completed', { output: 5 })),
    ];
    expect(await (await handleOf(answers)).completed()).toMatchObject({ status: 'completed', output: 5 });
    expect(server.seen).toHaveLength(3);
  });

  it('is no answer of an Aura when it lacks what belongs to it', async () => {
    const handle = await handleOf([stream([frame(1, 'failed')]), json(200, saga('failed'))]);
    await expect(handle.ended()).rejects.toThrow(UnexpectedAnswerError);
  });

  it('is waited for while a person must look', async () => {
    const handle = await handleOf([
      stream([frame(1, 'compensation_failed'), frame(2, 'compensated')], 'open'),
      json(200, saga('compensated', { error })),
    ]);
    expect(await handle.ended()).toMatchObject({ status: 'compensated' });
  });
});

describe('waiting for a saga to complete', () => {
  it('rejects with its reason and what results there are', async () => {
    const step = { name: 'a', action: 'x', participant: 'x', run: 1, epoch: 1, attempts: 1 };
    const detail = saga('failed', {
      failedStep: 'b',
      error,
      steps: [
        { ...step, id: 'a', status: 'completed', output: { found: 3 } },
        { ...step, id: 'n', status: 'continued', output: null },
        { ...step, id: 'b', status: 'failed', error },
      ],
    });
    const handle = await handleOf([stream([frame(1, 'failed')]), json(200, detail)]);
    const rejected: unknown = await handle.completed().catch((reason: unknown) => reason);
    expect(rejected).toBeInstanceOf(SagaNotCompletedError);
    expect(rejected).toMatchObject({
      message: 'saga s of greet is failed at step b: will not (NO)',
      status: 'failed',
      reason: 'will not (NO)',
      results: { a: { found: 3 }, n: null },
      saga: detail,
    });
  });

  it('says who cancelled it', async () => {
    const detail = saga('cancelled', { cancelled: { by: 'ada', reason: 'enough' } });
    const handle = await handleOf([stream([frame(1, 'cancelled')]), json(200, detail)]);
    await expect(handle.completed()).rejects.toThrow(
      'saga s of greet is cancelled: enough (cancelled by ada)',
    );
  });

  it('ends when undoing failed: it will not complete any more', async () => {
    const handle = await handleOf([
      stream([frame(1, 'compensation_failed')], 'open'),
      json(200, saga('compensation_failed', { applied: ['a'] })),
    ]);
    await expect(handle.completed()).rejects.toMatchObject({
      status: 'compensation_failed',
      reason: 'no reason is known',
      saga: { applied: ['a'] },
    });
  });
});
