import { sampleRow } from '@aura/kernel/testing';
import type { BusHealth } from '@aura/messaging';
import { quiet, someEvent, Tap, until } from '@aura/messaging/testing';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { WebSocket } from 'ws';
import { joinAura } from '@aura/socket';
import { frameOf, PROTOCOL } from './frame-of';
import { JoinedHarness } from './joined-harness';

jest.setTimeout(30_000);

describe('a process that has joined', () => {
  let harness: JoinedHarness;

  beforeEach(async () => {
    harness = await JoinedHarness.open();
  });
  afterEach(() => harness.close());

  it('goes on when the host is started again elsewhere: what it had in hand comes back, what waited is sent', async () => {
    const { bus } = await harness.join();
    const seen: BusHealth['status'][] = [];
    bus.onHealth(({ status }) => seen.push(status));
    await bus.declareQueue({ queue: 'q', kind: 'work' });
    const tap = await Tap.on(bus, 'q');
    await bus.publish([{ event: someEvent('before'), to: [{ kind: 'queue', queue: 'q' }] }]);
    const old = await tap.at(0);
    const before = harness.address;
    await harness.goAway();
    await until(() => bus.health().status === 'down', 'the loss');
    expect(bus.health()).toMatchObject({ reason: expect.any(String), withoutConsumer: ['q'] });
    const publishing = bus.publish([{ event: someEvent('meanwhile'), to: [{ kind: 'queue', queue: 'q' }] }]);
    old.ack();
    await harness.comeBack();
    await publishing;
    expect(harness.address).not.toEqual(before);
    await tap.has(3);
    expect(tap.ids.toSorted()).toEqual(['before', 'before', 'meanwhile']);
    expect(tap.deliveries.slice(1).map(({ returns }) => returns)).toEqual([0, 0]);
    tap.deliveries.forEach((delivery) => delivery.ack());
    await until(async () => (await bus.depth('q')) === 0, 'an empty queue');
    expect(seen).toEqual(['down', 'up']);
    expect(bus.health().withoutConsumer).toEqual([]);
  });

  it('stays paused over a restart of the host, and resumes', async () => {
    const { bus } = await harness.join();
    await bus.declareQueue({ queue: 'q', kind: 'work' });
    const tap = await Tap.acking(bus, 'q');
    await tap.consumer.pause();
    await harness.reopen();
    await bus.publish([{ event: someEvent('e'), to: [{ kind: 'queue', queue: 'q' }] }]);
    await quiet();
    expect(tap.ids).toEqual([]);
    await tap.consumer.resume();
    await tap.has(1);
    await tap.consumer.stop(1000);
    await bus.publish([{ event: someEvent('f'), to: [{ kind: 'queue', queue: 'q' }] }]);
    expect(await bus.depth('q')).toBe(1);
  });

  it('declares and binds again at a host that has lost its data', async () => {
    const other = await JoinedHarness.open();
    let at = harness;
    const guest = await joinAura({ locate: () => at.address });
    await guest.bus.declareQueue({ queue: 'q', kind: 'work' });
    const binding = { kind: 'queue', queue: 'q', exchange: 'aura.events', key: 'a.#' } as const;
    const face = { kind: 'publicFace', key: 'gone' } as const;
    await guest.bus.bind([binding, face]);
    await guest.bus.unbind([face]);
    const tap = await Tap.acking(guest.bus, 'q');
    at = other;
    await harness.goAway();
    const to = { kind: 'exchange', exchange: 'aura.events', key: 'a.b', mandatory: true } as const;
    await guest.bus.publish([{ event: someEvent('there'), to: [to] }]);
    await tap.has(1);
    await guest.close();
    await other.close();
    await harness.comeBack();
  });

  it('is told when the host stays away: a call fails in time, and says which', async () => {
    const guest = await harness.join({ callTimeoutMs: 200 });
    await harness.goAway();
    const failing = guest.journal('p').append([sampleRow({ stream: 's' })]);
    await expect(failing).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringMatching(/no answer to store within 200 ms/),
    });
    await harness.comeBack();
  });

  it('is told of a queue that is not there, and of what the host cannot do', async () => {
    const { bus, journal } = await harness.join();
    const consuming = bus.consume({ queue: 'nowhere', prefetch: 1, handle: () => undefined });
    await expect(consuming).rejects.toMatchObject({ code: 'UNROUTABLE', details: { key: 'nowhere' } });
    expect(bus.health().withoutConsumer).toEqual([]);
    const twice = [1, 2].map((seq) => sampleRow({ stream: 's', seq }));
    await expect(journal('p').append(twice)).rejects.toThrow(TypeError);
  });

  it('takes leave without waiting when the host is away', async () => {
    const guest = await harness.join();
    await harness.goAway();
    await until(() => guest.bus.health().status === 'down', 'the loss');
    const hopeless = guest.bus.publish([{ event: someEvent('e'), to: [{ kind: 'queue', queue: 'q' }] }]);
    await guest.close();
    await expect(hopeless).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await harness.comeBack();
  });

  it('stops consuming at once when the connection is cut while what is in hand is waited for', async () => {
    const { url = '', token = '' } = harness.address ?? {};
    const between: Socket[] = [];
    const proxy = createServer((near) => {
      const far = connect(Number(new URL(url).port), '127.0.0.1');
      between.push(near, far);
      for (const socket of [near, far]) socket.on('error', () => socket.destroy());
      near.pipe(far).pipe(near);
    }).listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const { port } = proxy.address() as AddressInfo;
    const guest = await joinAura({ locate: () => ({ url: `ws://127.0.0.1:${port}`, token }) });
    const { bus } = guest;
    await bus.declareQueue({ queue: 'q', kind: 'work' });
    const tap = await Tap.on(bus, 'q');
    await bus.publish([{ event: someEvent('e'), to: [{ kind: 'queue', queue: 'q' }] }]);
    await tap.at(0);
    const stopping = tap.consumer.stop(60_000);
    await quiet();
    proxy.close();
    for (const socket of between) socket.destroy();
    await stopping;
    expect(bus.health().withoutConsumer).toEqual([]);
    await guest.close();
  });

  it('that has closed takes no calls', async () => {
    const guest = await harness.join();
    await guest.close();
    await guest.close();
    expect(guest.bus.health()).toMatchObject({ status: 'down', reason: 'closed' });
    const calls = [
      guest.bus.publish([{ event: someEvent('e'), to: [] }]),
      guest.bus.consume({ queue: 'q', prefetch: 1, handle: () => undefined }),
      guest.journal('p').head('s'),
    ];
    for (const { status } of await Promise.allSettled(calls)) expect(status).toBe('rejected');
  });

  it('floods the host with calls and gets every answer; meanwhile the host reads no more than it can answer', async () => {
    const guest = await harness.join();
    const journal = guest.journal('p');
    const rows = Array.from({ length: 6000 }, (_, n) => sampleRow({ stream: `s${n}`, body: `"${n}"` }));
    const answers = await Promise.all(rows.map((row) => journal.append([row])));
    expect(answers.flat().every((answer) => answer === 'appended')).toBe(true);
    expect(await journal.head('s5999')).toBe(1);
  });

  it('is refused more calls than it can hold while the host is away', async () => {
    const guest = await harness.join({ callTimeoutMs: 500 });
    await harness.goAway();
    const large = new Uint8Array(70 * 1024 * 1024);
    const putting = [large, large].map((bytes) => guest.claims.put(bytes, 'image/png'));
    await expect(putting[1]).rejects.toThrow(/no more are taken/);
    await expect(putting[0]).rejects.toThrow(/no answer to claims.put/);
    await harness.comeBack();
  });

  it('gets large deliveries one frame after the other, none more than its prefetch', async () => {
    const { bus } = await harness.join();
    await bus.declareQueue({ queue: 'q', kind: 'work' });
    const data = 'x'.repeat(1024 * 1024);
    for (let n = 0; n < 12; n++)
      await bus.publish([{ event: someEvent(`e${n}`, { data }), to: [{ kind: 'queue', queue: 'q' }] }]);
    const tap = await Tap.on(bus, 'q', { prefetch: 10 });
    await tap.has(10);
    await quiet();
    expect(tap.deliveries).toHaveLength(10);
    expect(tap.turns.length).toBeGreaterThan(1);
    tap.deliveries.slice().forEach((delivery) => delivery.ack());
    await tap.has(12);
    tap.deliveries.slice(10).forEach((delivery) => delivery.ack());
  });
});

describe('the door', () => {
  let harness: JoinedHarness;

  beforeAll(async () => {
    harness = await JoinedHarness.open();
  });
  afterAll(() => harness.close());

  const address = (): { url: string; token: string } => {
    if (harness.address === undefined) throw new Error('the door is closed');
    return harness.address;
  };

  it('refuses a wrong token at once, with what to do', async () => {
    const joining = joinAura({ locate: () => ({ ...address(), token: 'x'.repeat(43) }) });
    await expect(joining).rejects.toMatchObject({
      code: 'UNSAFE_SETUP',
      message: expect.stringContaining('refused the token'),
      help: expect.stringContaining('run.json'),
    });
  });

  it('is left alone by whoever speaks another version, and by a web page', async () => {
    const { url, token } = address();
    const statusOf = async (protocol: string, headers: Record<string, string>): Promise<unknown> => {
      const socket = new WebSocket(url, protocol, { headers });
      const [, response] = await once(socket, 'unexpected-response');
      socket.on('error', () => undefined).terminate();
      return (response as { statusCode: number }).statusCode;
    };
    expect(await statusOf('aura.socket.v0', { authorization: `Bearer ${token}` })).toBe(426);
    expect(await statusOf(PROTOCOL, { origin: 'https://example.com' })).toBe(401);
  });

  it('sends away who sends garbage, and answers what it does not know with an error', async () => {
    const { url, token } = address();
    const open = async (): Promise<WebSocket> => {
      const socket = new WebSocket(url, PROTOCOL, { headers: { authorization: `Bearer ${token}` } });
      await once(socket, 'open');
      return socket;
    };
    for (const garbage of [Buffer.from('no frame at all'), Buffer.from([0, 0, 0, 9, 1])]) {
      const socket = await open();
      socket.send(garbage);
      await once(socket, 'close');
    }
    const guest = await open();
    const answers: string[] = [];
    guest.on('message', (data: Buffer) => answers.push(data.subarray(4).toString()));
    const store = { store: 'journal', namespace: 'p', args: [] };
    const calls = [
      ['dance', []],
      ['store', [{ ...store, operation: 'constructor' }]],
      ['store', [{ ...store, store: 'nothing', operation: 'get' }]],
      ['store', [{ ...store, store: 'view', operation: 'get' }]],
      ['publish', [[{ event: '{}', to: [] }]]],
    ] as const;
    calls.forEach(([method, args], id) => guest.send(frameOf({ kind: 'call', id, method, args })));
    const refused = (): readonly string[] => answers.filter((answer) => answer.includes('"refusal"'));
    await until(() => refused().length === calls.length, 'the answers');
    const refusals = refused();
    expect(refusals.every((refusal) => refusal.includes('TypeError'))).toBe(true);
    guest.terminate();
  });

  it('is missed with a sentence when nobody runs, or somebody else answers there', async () => {
    const brief = { startTimeoutMs: 150, backoff: { initialMs: 10, maxMs: 20 } };
    await expect(joinAura({ locate: () => undefined, ...brief })).rejects.toMatchObject({
      code: 'AURA_NOT_RUNNING',
    });
    const stranger = createServer((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n')).listen(0, '127.0.0.1');
    await once(stranger, 'listening');
    const bound = stranger.address();
    const url = `ws://127.0.0.1:${typeof bound === 'object' && bound !== null ? bound.port : 0}`;
    await expect(
      joinAura({ locate: () => ({ url, token: 'x'.repeat(43) }), ...brief }),
    ).rejects.toMatchObject({ code: 'UNSAFE_SETUP' });
    stranger.close();
    const nobody = joinAura({ locate: () => ({ url: 'ws://127.0.0.1:1', token: 'x'.repeat(43) }), ...brief });
    await expect(nobody).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });

  it('is not looked for with settings that are wrong', async () => {
    const joining = joinAura({ locate: () => address(), callTimeoutMs: -1 });
    await expect(joining).rejects.toMatchObject({
      code: 'UNSAFE_SETUP',
      message: expect.stringContaining('callTimeoutMs'),
    });
  });
});
