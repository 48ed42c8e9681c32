import { Batches, joinEvents } from './batches';
import { Call } from './copy';

const part = (text: string) => ({ body: Buffer.from(text), options: {}, call: new Call(0) });

describe('batches of a turn', () => {
  it('hold what goes to one queue, in order', () => {
    const batches = new Batches({ events: 10, bytes: 1000 });
    batches.add('a', part('1'));
    batches.add('b', part('2'));
    batches.add('a', part('3'));
    expect(taken(batches)).toEqual([
      ['a', '[1,3]'],
      ['b', '[2]'],
    ]);
    expect(taken(batches)).toEqual([]);
  });

  it('are cut at the bound of events', () => {
    const batches = new Batches({ events: 2, bytes: 1000 });
    for (const text of ['1', '2', '3', '4', '5']) batches.add('a', part(text));
    expect(taken(batches).map(([, body]) => body)).toEqual(['[1,2]', '[3,4]', '[5]']);
  });

  it('are cut at the bound of bytes; one event over it travels alone', () => {
    const batches = new Batches({ events: 100, bytes: 4 });
    for (const text of ['11', '22', '33', '444444', '5']) batches.add('a', part(text));
    expect(taken(batches).map(([, body]) => body)).toEqual(['[11,22]', '[33]', '[444444]', '[5]']);
  });
});

function taken(batches: Batches): readonly (readonly [string, string])[] {
  return batches
    .take()
    .map(({ queue, parts }) => [queue, joinEvents(parts.map(({ body }) => body)).toString()]);
}
