import { auraAt } from './testing/run-aura';
import { at, definition, saga } from './testing/sagas';
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

  it('list sagas by what the API filters by, and say when there are more', async () => {
    const [first, second] = [
      { sagaId: 's-2', workflow: 'greet', version: '1.0.0', status: 'running', startedAt: at(0) },
      { sagaId: 's-1', workflow: 'greet', version: '1.0.0', status: 'failed', startedAt: at(0) },
    ];
    const ended = { ...second, endedAt: at(1234), userId: 'ada', error };
    const page = { sagas: [first, ended], next: 'c-1' };
    const answers: Answers = { 'GET /api/v1/workflows': { body: page } };
    const filters = ['--status', 'running', 'failed', '--workflow', 'greet', '--user', 'ada', '--limit', '2'];
    const times = ['--from', '2026-01-05T08:00:00Z', '--to', '2026-01-06'];
    const listed = await auraAt(answers, 'sagas', 'list', ...filters, ...times);
    expect(listed.out.split('\n').filter(Boolean)).toEqual([
      `s-2  greet 1.0.0  running  ${at(0)}`,
      `s-1  greet 1.0.0  failed  ${at(0)}  1.2 s  for ada  closed`,
    ]);
    expect(listed.err).toContain(`--to ${at(0)}`);
    expect(listed.seen.find(({ what }) => what === 'GET /api/v1/workflows')?.query).toBe(
      'status=running&status=failed&from=2026-01-05T08%3A00%3A00.000Z&to=2026-01-06T00%3A00%3A00.000Z&limit=2&workflow=greet&userId=ada',
    );
    expect(JSON.parse((await auraAt(answers, 'sagas', 'list', '--json')).out)).toEqual(page);
    const none: Answers = { 'GET /api/v1/workflows': { body: { sagas: [] } } };
    expect(await auraAt(none, 'sagas', 'list')).toMatchObject({ code: 0, out: 'no saga is like that' });
  });

  it.each([
    [['--from', 'soon'], 'It must be a time'],
    [['--limit', '0'], 'It must be a number from 1 to 200'],
    [['--limit', '2x'], 'It must be a number from 1 to 200'],
  ])('refuse a list by %j', async (options, reason) => {
    expect(await auraAt({}, 'sagas', 'list', ...options)).toMatchObject({
      code: 2,
      err: expect.stringContaining(reason),
    });
  });

  it('show a saga on a page, or as it is', async () => {
    const detail = saga({ status: 'running', waitingFor: 'say', until: at(60_000), owner: 'coordinator' });
    const answers = {
      'GET /api/v1/workflows/s-1': { body: detail },
      'GET /api/v1/workflows/s-1/compensation': { body: { ...plan, steps: [] } },
    };
    const page = await auraAt(answers, 'sagas', 'show', 's-1');
    expect(page.out).toContain(`waits     for say until ${at(60_000)}; then it is for coordinator to act`);
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

  it('tell what waits, what nobody claims, and make views again', async () => {
    const why = 'Event /shop e1 waits for saga s-9.';
    const event = {
      type: 'shop.ordered.v1',
      source: '/shop',
      id: 'e1',
      correlation: 's-9',
      since: at(0),
      until: at(300_000),
      why,
    };
    const standing = {
      kind: 'event',
      id: '/shop e1',
      waitingFor: 'saga s-9',
      until: at(0),
      owner: 'coordinator',
      why,
    };
    const views = { journals: 2, missing: 1, different: 0, unreadable: 0 };
    const answers: Answers = {
      'GET /api/v1/events/unclaimed': { body: { events: [event] } },
      'POST /api/v1/events/unclaimed/drop': { body: event },
      'GET /api/v1/overdue': { body: { overdue: [standing] } },
      'GET /api/v1/why': { body: standing },
      'POST /api/v1/rebuild': {
        body: { dryRun: true, sagas: views, transactions: views, definitions: { ...views, unreadable: 1 } },
      },
    };
    expect(await auraAt(answers, 'events', 'unclaimed')).toMatchObject({ code: 0, out: why });
    const dropped = await auraAt(answers, 'events', 'drop', '/shop', 'e1', '--note', 'nobody wants it');
    expect(dropped).toMatchObject({ code: 0, out: expect.stringContaining('waited for saga s-9') });
    expect(JSON.parse(String(dropped.seen.at(-1)?.body))).toEqual({
      source: '/shop',
      id: 'e1',
      reason: 'nobody wants it',
    });
    expect(await auraAt(answers, 'overdue')).toMatchObject({ code: 6, out: why });
    expect(await auraAt(answers, 'why', '/shop e1')).toMatchObject({ code: 0, out: why });
    const rebuilt = await auraAt(answers, 'rebuild', '--dry-run');
    expect(rebuilt).toMatchObject({ code: 6 });
    expect(rebuilt.out.split('\n')).toEqual([
      'sagas         2 journals: 1 views were gone and 0 differed, to be made again',
      'transactions  2 journals: 1 views were gone and 0 differed, to be made again',
      'definitions   2 journals: 1 views were gone and 0 differed, to be made again, 1 cannot be read here (the log says why)',
    ]);
    const calm: Answers = {
      'GET /api/v1/events/unclaimed': { body: { events: [] } },
      'GET /api/v1/overdue': { body: { overdue: [] } },
      'POST /api/v1/rebuild': {
        body: { dryRun: false, sagas: views, transactions: views, definitions: views },
      },
    };
    expect(await auraAt(calm, 'events', 'unclaimed')).toMatchObject({
      code: 0,
      out: 'No event waits for its saga.',
    });
    expect(await auraAt(calm, 'overdue')).toMatchObject({ code: 0, out: 'Nothing is past its time.' });
    expect(await auraAt(calm, 'rebuild')).toMatchObject({
      code: 0,
      out: expect.stringContaining('made again'),
    });
  });

  it('explain it in one sentence, or say that it is not held', async () => {
    const answers = {
      'GET /api/v1/workflows/s-1/why': { body: { sagaId: 's-1', status: 'running', why: 'It waits.' } },
    };
    expect(await auraAt(answers, 'why', 's-1')).toMatchObject({ code: 0, out: 'It waits.' });
    expect(await auraAt(answers, 'why', 'x')).toMatchObject({
      code: 1,
      err: expect.stringContaining('error: nothing with the id "x" is held here'),
    });
  });

  it('explain a definition that waits for nothing', async () => {
    const answers: Answers = { 'GET /api/v1/definitions': { body: { definitions: [definition()] } } };
    expect(await auraAt(answers, 'why', 'greet@1.0.0')).toMatchObject({
      code: 0,
      out: 'Definition greet 1.0.0 is active and waits for nothing.',
    });
    expect((await auraAt(answers, 'why', 'greet@2.0.0')).code).toBe(1);
  });

  it('explain a transaction too: what it waits for, and how it ended', async () => {
    const id = 's-1/1/reserve/1';
    const why = 'It waits for stock at shop; at noon it is aborted, unless all have voted yes by then.';
    const rest = { waitingFor: 'stock at shop', until: '2030-01-01T12:00:00.000Z', owner: 'coordinator' };
    const waiting: Answers = { 'GET /api/v1/why': { body: { kind: 'transaction', id, ...rest, why } } };
    expect(await auraAt(waiting, 'why', id)).toMatchObject({ code: 0, out: why });
    const detail = {
      transaction: id,
      sagaId: 's-1',
      step: 'reserve',
      definition: 'reserve_look',
      status: 'committed',
      startedAt: '2030-01-01T12:00:00.000Z',
      ageMs: 12,
      waitsFor: [],
      run: 1,
      n: 1,
      branches: [],
      why: 'It is committed.',
      next: 'Nothing.',
    };
    const ended: Answers = { [`GET /api/v1/transactions/${encodeURIComponent(id)}`]: { body: detail } };
    expect(await auraAt(ended, 'why', id)).toMatchObject({ code: 0, out: 'It is committed.' });
  });
});
