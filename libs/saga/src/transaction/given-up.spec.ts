import {
  ack,
  ALL,
  begin,
  fence,
  NO,
  prepared,
  TIMER,
  ToldTransaction,
  undone,
  vote,
} from '../testing/told-transaction';

describe('a transaction whose saga is given up', () => {
  test('before it was begun is aborted in the place of its beginning, and says that there is nothing to undo', () => {
    const told = new ToldTransaction().when(fence());
    expect(told.kinds).toEqual(['opened', 'aborted', 'fenced', 'answered']);
    expect(told.saidFrom()).toEqual(['step.nothing-to-undo']);
    told.when(begin());
    expect(told.rows).toHaveLength(1);
  });

  test('while it is prepared is aborted, and says no more that its step failed', () => {
    const told = prepared();
    const before = told.said.length;
    told.when(fence());
    expect(told.saidFrom(before)).toEqual([
      'transaction.aborted',
      ...ALL.map((id) => `transaction.abort-requested ${id}`),
      'step.nothing-to-undo',
    ]);
  });

  test('while it is committed is undone once all have acknowledged: branch by branch, the last one first', () => {
    const told = prepared().when(vote('outfit')).when(fence());
    expect(told.status).toBe('committing');
    told.when(...ALL.map((id) => ack(id)));
    expect(told.status).toBe('undoing');
    const asked = () => told.saidFrom().filter((text) => text.startsWith('transaction.undo-requested'));
    expect(asked()).toEqual(['transaction.undo-requested outfit']);
    told.when(undone('outfit')).when(undone('stock'));
    expect(asked().slice(1)).toEqual([
      'transaction.undo-requested stock',
      'transaction.undo-requested money',
    ]);
    told.when(undone('money', 'nothing'));
    expect(told.status).toBe('undone');
    expect(told.said.at(-1)).toMatchObject({
      event: { type: 'ai.aura.step.undone.v1', aurastep: 'reserve', auraepoch: 1 },
    });
  });

  test('has failed to be undone when a branch has, and goes on with it when it is asked again', () => {
    const told = prepared()
      .when(vote('outfit'))
      .when(...ALL.map((id) => ack(id)))
      .when(fence());
    told.when(undone('outfit', 'failed'));
    expect(told.status).toBe('undo_failed');
    expect(told.said.at(-1)?.event).toMatchObject({
      type: 'ai.aura.step.undo-failed.v1',
      data: { error: NO },
    });
    told.when(fence('undo', 2));
    expect(told.status).toBe('undoing');
    told.when(undone('outfit', 'failed', 1));
    expect(told.status).toBe('undoing');
    told
      .when(undone('outfit', 'undone', 2), undone('stock'))
      .when(undone('stock'))
      .when(undone('money'));
    expect(told.status).toBe('undone');
    expect(told.said.at(-1)?.event).toMatchObject({ type: 'ai.aura.step.undone.v1', auraepoch: 2 });
  });

  test('asks for the undo of a branch three times before it has failed', () => {
    const told = prepared()
      .when(vote('outfit'))
      .when(...ALL.map((id) => ack(id)))
      .when(fence());
    for (let round = 0; round < 3; round++) told.after(60_000).when(TIMER);
    expect(told.status).toBe('undo_failed');
    expect(told.saidFrom().filter((text) => text.endsWith('undo-requested outfit'))).toHaveLength(3);
    expect(told.said.at(-1)?.event.data).toMatchObject({ error: { code: 'UNDO_TIMEOUT' } });
  });

  test('does not ask again for an undo for the time in which there was no coordinator', () => {
    const told = prepared()
      .when(vote('outfit'))
      .when(...ALL.map((id) => ack(id)))
      .when(fence())
      .after(90_000);
    told.gapSince = () => 40_000;
    const before = told.said.length;
    told.when(TIMER);
    expect(told.saidFrom(before)).toEqual([]);
    told.after(10_000).when(TIMER);
    expect(told.saidFrom(before)).toEqual(['transaction.undo-requested outfit']);
  });

  test('does not ask again for an undo for the time in which the participant of its branch had paused', () => {
    const told = prepared()
      .when(vote('outfit'))
      .when(...ALL.map((id) => ack(id)))
      .when(fence());
    const asked = told.state?.branches.find(({ undo }) => undo !== undefined);
    told.gapSince = (_since, participant) => (participant === asked?.participant ? 40_000 : 0);
    const before = told.said.length;
    told.after(90_000).when(TIMER);
    expect([asked?.id, told.saidFrom(before)]).toEqual(['outfit', []]);
    told.after(10_000).when(TIMER);
    expect(told.saidFrom(before)).toEqual(['transaction.undo-requested outfit']);
  });

  test('is left as it is when it is only asked how it ended, and undone when that is asked later', () => {
    const told = prepared()
      .when(vote('outfit'))
      .when(...ALL.map((id) => ack(id)))
      .when(fence('ask'));
    expect(told.status).toBe('committed');
    told.when(fence('undo'));
    expect(told.status).toBe('undoing');
  });

  test('is left alone where another transaction of the step follows: that one is given up', () => {
    const told = new ToldTransaction().when(begin(2)).after(5000).when(TIMER);
    expect(told.state).toMatchObject({ status: 'aborting', isFollowed: true });
    told.when(fence());
    expect(told.kinds.slice(-1)).toEqual(['aborted']);
  });

  test('answers the same asking once', () => {
    const told = prepared().when(fence()).when(fence()).when(fence('undo', 2));
    expect(told.kinds.filter((kind) => kind === 'answered')).toHaveLength(1);
  });
});
