import { AlikeWrites } from './alike-writes';
import { changesBetween } from './changes';
import type { GuardedDocument } from './changes';

function view(id: string, v: number, f: Readonly<Record<string, unknown>>, b = '{}'): GuardedDocument {
  return { _id: id, v, f, b };
}

describe('the changes between two documents', () => {
  test('are the values that differ, one level deep', () => {
    const standing = view('a', 1, { status: 'running', owner: 'kim', dueAt: 5 });
    const next = view('a', 2, { status: 'completed', owner: 'kim', dueAt: null, endedAt: 9 }, '{"x":1}');
    expect(changesBetween(standing, next)).toEqual({
      v: 2,
      'f.status': 'completed',
      'f.dueAt': null,
      'f.endedAt': 9,
      b: '{"x":1}',
    });
  });

  test('hold members and values that are new', () => {
    const standing = { _id: 'a', v: 1, f: { x: null } };
    expect(changesBetween(standing, { _id: 'a', v: 1, f: { x: null, y: 2 }, g: 'new' })).toEqual({
      'f.y': 2,
      g: 'new',
    });
  });

  test('cannot be told where the next one lacks something', () => {
    expect(changesBetween(view('a', 1, { owner: 'kim' }), view('a', 2, {}))).toBeUndefined();
    expect(changesBetween(view('a', 1, {}), { _id: 'a', v: 2, f: {} })).toBeUndefined();
    expect(changesBetween(view('a', 1, { owner: 'kim' }), view('a', 2, { other: 1 }))).toBeUndefined();
    expect(changesBetween({ _id: 'a', v: 1, f: {} }, view('a', 2, { owner: 'kim' }))).toBeUndefined();
  });
});

describe('documents that change alike', () => {
  const running = { status: 'running', endedAt: null };
  const ended = { status: 'completed', endedAt: 7 };

  test('are parted from the others by what stands and what changes', () => {
    const writes = new AlikeWrites();
    const standing = ['a', 'b', 'c', 'd'].map((id) => view(id, 1, { ...running, startedAt: id }));
    writes.stand([...standing, view('e', 2, { ...running, startedAt: 'e' }), view('f', 3, running)]);
    const next = (id: string, more = {}) => view(id, 3, { ...ended, startedAt: id, ...more });
    const [a, b, c, d] = [next('a'), next('b'), next('c', { endedAt: 8 }), next('d')];
    const [e, f, unknown] = [next('e'), view('f', 3, ended), next('unknown')];
    expect(writes.part([a, b, c, d, e, f, unknown])).toEqual({
      alike: [
        {
          documents: [a, b, d],
          standing: 1,
          changes: { v: 3, 'f.status': 'completed', 'f.endedAt': 7 },
        },
      ],
      others: [f, unknown, c, e],
    });
  });

  test('are written alone when it is not known how they stand', () => {
    const writes = new AlikeWrites();
    const standing = [view('a', 1, running), view('b', 1, running)];
    const next = [view('a', 2, ended), view('b', 2, ended)];
    writes.stand(standing);
    expect(writes.part(next).others).toEqual([]);
    writes.forget(['b']);
    expect(writes.part(next)).toEqual({ alike: [], others: [next[1], next[0]] });
  });

  test('are remembered up to a number of bytes', () => {
    const writes = new AlikeWrites();
    const large = 'x'.repeat(1024 * 1024);
    const ids = Array.from({ length: 30 }, (_, n) => `v${n}`);
    for (const id of ids) writes.stand([view(id, 1, running, large)]);
    const { alike, others } = writes.part(ids.map((id) => view(id, 2, ended, large)));
    const remembered = alike.flatMap(({ documents }) => documents);
    expect(remembered.length).toBeGreaterThan(1);
    // Three bytes a character, 32 MiB in all.
    expect(remembered.length).toBeLessThan(11);
    expect(others).toHaveLength(30 - remembered.length);
  });
});
