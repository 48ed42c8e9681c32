import { connect } from './client';
import { json, saga, scriptedServer, type Answer, type ScriptedServer } from './testing/scripted-server';

let server: ScriptedServer | undefined;

async function clientOf(answers: readonly Answer[]) {
  server = await scriptedServer(...answers);
  return connect({ url: server.url });
}

afterEach(async () => {
  await server?.close();
  server = undefined;
});

describe('an operator', () => {
  it('runs a saga again, and tells what waits', async () => {
    const plan = {
      sagaId: 's',
      status: 'completed',
      from: 'pay',
      run: 2,
      undo: [],
      again: ['pay'],
      carried: [],
    };
    const at = '2026-01-05T08:00:00.000Z';
    const event = { type: 't', source: '/shop', id: 'e 1', correlation: 's', since: at, until: at, why: 'w' };
    const waits = { kind: 'event', id: '/shop e 1', waitingFor: 's', until: at, owner: 'o', why: 'w' };
    const views = { journals: 1, missing: 0, different: 0, unreadable: 0 };
    const report = { dryRun: true, sagas: views, transactions: views, definitions: views };
    const client = await clientOf([
      json(200, plan),
      json(200, saga('compensating')),
      json(200, { events: [event] }),
      json(200, event),
      json(200, { overdue: [waits] }),
      json(200, waits),
      json(200, report),
    ]);
    expect(await client.planRerun('s', 'pay')).toEqual(plan);
    expect(await client.rerun('s', { from: 'pay', reason: 'open' })).toMatchObject({
      status: 'compensating',
    });
    expect(await client.unclaimed()).toEqual([event]);
    expect(await client.dropUnclaimed({ source: '/shop', id: 'e 1', reason: 'no' })).toEqual(event);
    expect(await client.overdue()).toEqual([waits]);
    expect(await client.standing('/shop e 1')).toEqual(waits);
    expect(await client.rebuild(true)).toEqual(report);
    expect(server?.seen.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /api/v1/workflows/s/rerun?from=pay',
      'POST /api/v1/workflows/s/rerun',
      'GET /api/v1/events/unclaimed',
      'POST /api/v1/events/unclaimed/drop',
      'GET /api/v1/overdue',
      'GET /api/v1/why?id=%2Fshop+e+1',
      'POST /api/v1/rebuild',
    ]);
  });
});
