import { auraAt } from './testing/run-aura';
import { at, saga } from './testing/sagas';
import { refusal, type Answers } from './testing/scripted-aura';

describe('aura sagas and aura why', () => {
  const undo = { run: 1, epoch: 1, mode: 'undo', after: [] };
  const error = { kind: 'business', code: 'CLOSED', message: 'closed' };
  const steps = [
    { ...undo, step: 'pay', action: 'pay', participant: 'bank', undo: 'refund', status: 'failed', error },
    {
      ...undo,
      step: 'hold',
      action: 'hold',
      participant: 'shop',
      undo: 'release',
      status: 'waiting',
      after: ['pay'],
      note: 'soon',
    },
  ];
  const plan = { sagaId: 's-1', status: 'compensation_failed', begun: true, steps };

  it('show a saga on a page, or as it is', async () => {
    const detail = saga({ status: 'running', waitingFor: 'say', until: at(60_000), owner: 'coordinator' });
    const answers = {
      'GET /api/v1/workflows/s-1': { body: detail },
      'GET /api/v1/workflows/s-1/compensation': { body: { ...plan, steps: [] } },
    };
    const page = await auraAt(answers, 'sagas', 'show', 's-1');
    expect(page.out).toContain(`waits     for say until ${at(60_000)}; then coordinator acts`);
    expect(JSON.parse((await auraAt(answers, 'sagas', 'show', 's-1', '--json')).out)).toEqual(detail);
  });

  it('show what a saga undoes, and mend it', async () => {
    const detail = saga({ status: 'compensating' });
    const answers: Answers = {
      'GET /api/v1/workflows/s-1': { body: detail },
      'GET /api/v1/workflows/s-1/compensation': { body: plan },
      'POST /api/v1/workflows/s-1/resolve': { body: detail },
      'POST /api/v1/workflows/s-1/resume': { body: detail },
      'POST /api/v1/workflows/s-1/retry': refusal(409, 'CANNOT_MEND', 'it waits for nobody'),
      'DELETE /api/v1/workflows/s-1': { body: detail },
    };
    const { out } = await auraAt(answers, 'sagas', 'show', 's-1');
    expect(out).toContain('undo\n  pay   failed    refund at bank: closed (CLOSED)\n');
    expect(out).toContain('  hold  waiting   release at shop, behind pay (soon)');
    const resolved = await auraAt(answers, 'sagas', 'resolve', 's-1', '--step', 'pay', '--note', 'in cash');
    expect(resolved).toMatchObject({ code: 0, out: expect.stringContaining('compensating') });
    const wish = resolved.seen.find(({ what }) => what.startsWith('POST'))?.body;
    expect(JSON.parse(String(wish))).toEqual({ reason: 'in cash', step: 'pay' });
    const resumed = await auraAt(
      answers,
      'sagas',
      'resume',
      's-1',
      '--input',
      '{"a":1}',
      '--reason',
      'known',
    );
    expect(JSON.parse(String(resumed.seen.at(-1)?.body))).toEqual({ reason: 'known', output: { a: 1 } });
    expect(await auraAt(answers, 'sagas', 'cancel', 's-1', '--reason', 'no')).toMatchObject({ code: 0 });
    expect(await auraAt(answers, 'sagas', 'retry', 's-1')).toMatchObject({
      err: expect.stringContaining('it waits for nobody'),
    });
    expect((await auraAt(answers, 'sagas', 'resume', 's-1', '--input', '{')).code).toBe(2);
  });

  it('run a saga again from a step, or tell what that would do', async () => {
    const planned = {
      sagaId: 's-1',
      status: 'completed',
      from: 'pay',
      run: 2,
      undo: [{ step: 'pay', run: 1 }],
      again: ['pay', 'ship'],
      carried: [],
    };
    const answers: Answers = {
      'GET /api/v1/workflows/s-1/rerun': { body: planned },
      'POST /api/v1/workflows/s-1/rerun': { body: saga({ status: 'compensating' }) },
      'GET /api/v1/workflows/s-2/rerun': { body: { ...planned, refusal: 'saga s-2 is running' } },
      'POST /api/v1/workflows/s-2/rerun': refusal(409, 'CANNOT_RERUN', 'saga s-2 is running'),
    };
    const dry = await auraAt(answers, 'sagas', 'rerun', 's-1', '--from', 'pay', '--dry-run');
    expect(dry).toMatchObject({ code: 0 });
    expect(dry.out.split('\n')).toEqual([
      'saga s-1 would go on from step pay, as run 2',
      'undone first   pay (run 1)',
      'run again      pay, ship',
      'carried over   nothing',
    ]);
    expect(dry.seen.map(({ what }) => what)).not.toContain('POST /api/v1/workflows/s-1/rerun');
    const done = await auraAt(answers, 'sagas', 'rerun', 's-1', '--from', 'pay', '--note', 'open again');
    expect(done).toMatchObject({ code: 0, out: expect.stringContaining('compensating') });
    expect(JSON.parse(String(done.seen.at(-1)?.body))).toEqual({ from: 'pay', reason: 'open again' });
    expect(await auraAt(answers, 'sagas', 'rerun', 's-2', '--from', 'pay', '--dry-run')).toMatchObject({
      code: 1,
      out: 'refused: saga s-2 is running',
    });
    expect(await auraAt(answers, 'sagas', 'rerun', 's-2', '--from', 'pay')).toMatchObject({
      code: 1,
      err: expect.stringContaining('saga s-2 is running'),
    });
    expect((await auraAt(answers, 'sagas', 'rerun', 's-1')).code).toBe(2);
  });

  it('explain it in one sentence, or say that it is not held', async () => {
    const answers = {
      'GET /api/v1/workflows/s-1/why': { body: { sagaId: 's-1', status: 'running', why: 'It waits.' } },
    };
    expect(await auraAt(answers, 'why', 's-1')).toMatchObject({ code: 0, out: 'It waits.' });
    expect(await auraAt(answers, 'why', 'x')).toMatchObject({
      code: 1,
      err: expect.stringContaining('error: no such saga'),
    });
  });
});
