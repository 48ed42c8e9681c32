import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { sagaFeedEntry, type SagaFeedEntry } from '@aura/contracts';
import { ScriptedCoordinator } from './testing/scripted-coordinator';
import { serve, until, type Served } from './testing/served';

let scripted: ScriptedCoordinator;
let served: Served;

beforeEach(async () => {
  scripted = new ScriptedCoordinator();
  served = await serve(scripted.coordinator, { heartbeatMs: 20, maxFeeds: 3 });
});
afterEach(() => served.app.close());

async function open(id: string, lastEventId?: string): Promise<IncomingMessage> {
  const headers = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
  const request = get(`${served.url}/api/v1/workflows/${id}/events`, { headers, agent: false });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return response;
}

async function textOf(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return text;
}

function entriesOf(text: string): readonly SagaFeedEntry[] {
  const lines = text.split('\n').filter((line) => line.startsWith('data: '));
  return lines.map((line) => sagaFeedEntry.parse(JSON.parse(line.slice('data: '.length))));
}

describe("a saga's feed", () => {
  it('brings what stands and what comes, numbered, and ends with the saga', async () => {
    const saga = scripted.saga('s');
    saga.step('one');
    const response = await open('s');
    expect(response.headers['content-type']).toBe('text/event-stream; charset=utf-8');
    const text = textOf(response);
    await until('the feed is read', () => saga.readers === 1);
    saga.step('two');
    saga.complete();
    const entries = entriesOf(await text);
    expect(entries.map((entry) => [entry.sequence, entry.step, entry.status])).toEqual([
      [1, 'one', 'completed'],
      [2, 'two', 'completed'],
      [3, undefined, 'completed'],
    ]);
    expect((await text).match(/^id: .*$/gm)).toEqual(['id: 1', 'id: 2', 'id: 3']);
    expect(await text).not.toMatch(/^event:/m);
    expect(saga.readers).toBe(0);
  });

  it('goes on behind Last-Event-ID, and says 204 when there is no more to come', async () => {
    const saga = scripted.saga('s');
    saga.step('one');
    saga.step('two');
    saga.complete();
    expect(entriesOf(await textOf(await open('s', '1'))).map((entry) => entry.sequence)).toEqual([2, 3]);
    const done = await open('s', '3');
    expect(done.statusCode).toBe(204);
    expect(await textOf(done)).toBe('');
    const refused = await open('s', 'x');
    expect(refused.statusCode).toBe(400);
    expect(await textOf(refused)).toContain('Last-Event-ID');
  });

  it('sends comments while it is quiet, and stops reading when the client goes', async () => {
    const saga = scripted.saga('s');
    const response = await open('s');
    let text = '';
    response.on('data', (chunk: Buffer) => (text += String(chunk)));
    await until('two heartbeats', () => text.split(': heartbeat').length > 2);
    expect(text.startsWith('retry: ')).toBe(true);
    response.destroy();
    await until('the feed is let go', () => saga.readers === 0);
  });

  it('does not read ahead for a client that does not read', async () => {
    const saga = scripted.saga('s');
    for (let step = 0; step < 1000; step += 1) saga.step(`s${step}`, 64 * 1024);
    const response = await open('s');
    response.pause();
    let before = -1;
    // What the kernel's socket buffers take is taken; after that the journal is left alone.
    while (saga.asked !== before) {
      before = saga.asked;
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
    expect(saga.asked).toBeLessThan(500);
    saga.complete();
    expect(entriesOf(await textOf(response))).toHaveLength(1001);
  });

  it('cuts a client that takes nothing for too long, and not one that has nothing to take', async () => {
    await served.app.close();
    served = await serve(scripted.coordinator, { slowClientMs: 150, heartbeatMs: 20 });
    const quiet = scripted.saga('quiet');
    const patient = await open('quiet');
    let read = '';
    patient.on('data', (chunk: Buffer) => (read += String(chunk)));
    const saga = scripted.saga('s');
    for (let step = 0; step < 1000; step += 1) saga.step(`s${step}`, 64 * 1024);
    const response = await open('s');
    response.pause();
    const cut = once(response, 'error');
    // It does not read, but sees that its connection ends once it looks.
    await until('the feed is let go', () => saga.readers === 0);
    response.resume();
    await cut;
    expect(saga.asked).toBeLessThan(500);
    expect(served.lines.join('\n')).toContain('took nothing for 150 ms');
    quiet.complete();
    await once(patient, 'end');
    expect(entriesOf(read)).toHaveLength(1);
  });

  it('answers HEAD without opening the feed', async () => {
    scripted.saga('s');
    const response = await fetch(`${served.url}/api/v1/workflows/s/events`, { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    expect(scripted.saga('s').asked).toBe(0);
  });

  it('is refused beyond the most that may be open, until one closes', async () => {
    const saga = scripted.saga('s');
    const first = await Promise.all([open('s'), open('s'), open('s')]);
    const refused = await open('s');
    expect(refused.statusCode).toBe(503);
    expect(refused.headers['retry-after']).toBe('5');
    refused.resume();
    first[0]?.destroy();
    await until('one is closed', () => saga.readers === 2);
    expect((await open('s')).statusCode).toBe(200);
  });

  it('ends for everybody when the process stops', async () => {
    const saga = scripted.saga('s');
    const texts = [textOf(await open('s')), textOf(await open('s'))];
    await served.app.close();
    await Promise.all(texts);
    expect(saga.readers).toBe(0);
  });

  it('does not keep the process from stopping when a client does not read', async () => {
    await served.app.close();
    served = await serve(scripted.coordinator, { closeGraceMs: 100 });
    const saga = scripted.saga('s');
    for (let step = 0; step < 300; step += 1) saga.step(`s${step}`, 64 * 1024);
    const response = await open('s');
    response.pause();
    response.on('error', () => undefined);
    await until('the feed is read', () => saga.asked > 1);
    await served.app.close();
    await until('the feed is let go', () => saga.readers === 0);
  });

  it('is cut, not ended, when reading the journal fails, so that the client comes again', async () => {
    scripted.saga('s').step('one');
    const broken = new ScriptedCoordinator({
      find: async () => scripted.saga('s').detail,
      feed: async function* () {
        yield* scripted.saga('s').entries;
        throw new Error('the journal is away');
      },
    });
    await served.app.close();
    served = await serve(broken.coordinator);
    await expect(textOf(await open('s'))).rejects.toThrow('aborted');
    expect(served.lines.join('\n')).toContain('the journal is away');
  });
});
