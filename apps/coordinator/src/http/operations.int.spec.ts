import {
  executeAccepted,
  overdueList,
  rebuildReport,
  standing,
  unclaimedEvent,
  unclaimedList,
} from '@aura/contracts';
import type { UnclaimedEvent } from '@aura/contracts';
import { serve } from './testing/served';
import { ask, execute, problemOf } from './testing/ask';
import { RESERVING } from './testing/greeter';
import { activate, openRealDoor, type RealDoor } from './testing/real-door';
import { ScriptedCoordinator } from './testing/scripted-coordinator';

const post = (body: object): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

describe('what waits, over HTTP', () => {
  let door: RealDoor;
  beforeAll(async () => {
    door = await openRealDoor({});
    await activate(door, RESERVING);
  });
  afterAll(() => door.close());

  it('says of a saga what it waits for, and of what is not held that nothing waits', async () => {
    const request = execute({ workflow: 'reserving', input: { who: 'World' } });
    const { body } = await ask(door, '/api/v1/workflows/execute/async', request);
    const { sagaId } = executeAccepted.parse(body);
    const waits = standing.parse((await ask(door, `/api/v1/why?id=${sagaId}`)).body);
    expect(waits).toMatchObject({
      kind: 'saga',
      id: sagaId,
      waitingFor: expect.stringContaining('step think') as string,
    });
    expect(await problemOf(door, '/api/v1/why?id=nope')).toMatchObject({
      status: 404,
      code: 'NOTHING_WAITS',
    });
    expect(await problemOf(door, '/api/v1/why')).toMatchObject({ status: 400 });
    expect(overdueList.parse((await ask(door, '/api/v1/overdue')).body)).toEqual({ overdue: [] });
  });

  it('makes views again, or tells what is missing', async () => {
    for (const dryRun of [true, false]) {
      const { status, body } = await ask(door, '/api/v1/rebuild', post({ dryRun }));
      expect(status).toBe(200);
      expect(rebuildReport.parse(body)).toMatchObject({ dryRun, definitions: { missing: 0, unreadable: 0 } });
    }
    expect(await problemOf(door, '/api/v1/rebuild', post({ dryRun: 'yes' }))).toMatchObject({ status: 400 });
  });

  it('has no event that nobody claims, and none to give up', async () => {
    expect(unclaimedList.parse((await ask(door, '/api/v1/events/unclaimed')).body)).toEqual({ events: [] });
    const wish = post({ source: '/shop', id: 'e1', reason: 'nobody wants it' });
    expect(await problemOf(door, '/api/v1/events/unclaimed/drop', wish)).toMatchObject({
      status: 404,
      code: 'EVENT_NOT_HELD',
    });
    expect(await problemOf(door, '/api/v1/events/unclaimed/drop', post({ id: 'e1' }))).toMatchObject({
      status: 400,
    });
  });
});

describe('an event that nobody claims, over HTTP', () => {
  const event: UnclaimedEvent = {
    type: 'shop.ordered.v1',
    source: '/shop',
    id: 'e1',
    correlation: 's-9',
    since: '2026-01-05T08:00:00.000Z',
    until: '2026-01-05T08:05:00.000Z',
    why: 'It names saga s-9.',
  };

  it('is listed, and given up by whoever acts', async () => {
    const asked: unknown[] = [];
    const { coordinator } = new ScriptedCoordinator({
      unclaimed: async () => [event],
      dropUnclaimed: async (request) => {
        asked.push(request);
        return event;
      },
    });
    const { app, url } = await serve(coordinator);
    const listed: unknown = await (await fetch(`${url}/api/v1/events/unclaimed`)).json();
    expect(unclaimedList.parse(listed)).toEqual({ events: [event] });
    const wish = { source: '/shop', id: 'e1', reason: 'nobody wants it' };
    const answer = await fetch(`${url}/api/v1/events/unclaimed/drop`, post(wish));
    expect(unclaimedEvent.parse(await answer.json())).toEqual(event);
    expect(asked).toEqual([{ ...wish, actor: { subject: 'local:test', roles: [] } }]);
    await app.close();
  });
});
