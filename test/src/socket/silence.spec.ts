import { openEmbedded } from '@aura/embedded';
import { someEvent, Tap, until } from '@aura/messaging/testing';
import { joinAura, openDoor } from '@aura/socket';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket, WebSocketServer } from 'ws';
import { frameOf, PROTOCOL } from './frame-of';

describe('a connection that falls silent', () => {
  const token = 'x'.repeat(43);
  const heartbeatMs = 40;

  it('is given up by the process that has joined, which looks for its Aura again', async () => {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0, autoPong: false });
    let connections = 0;
    server.on('connection', () => (connections += 1));
    await once(server, 'listening');
    const bound = server.address();
    const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
    const guest = await joinAura({ locate: () => ({ url: `ws://127.0.0.1:${port}`, token }), heartbeatMs });
    await until(() => connections === 2, 'another connection');
    await guest.close();
    for (const client of server.clients) client.terminate();
    server.close();
  });

  it('is given up by the host: what the process had in hand comes back', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'aura-silent-'));
    const embedded = await openEmbedded({ path: join(folder, 'aura.db') });
    const door = await openDoor(embedded, { heartbeatMs });
    await embedded.bus.declareQueue({ queue: 'q', kind: 'work' });
    await embedded.bus.publish([{ event: someEvent('e'), to: [{ kind: 'queue', queue: 'q' }] }]);
    const headers = { authorization: `Bearer ${door.address.token}` };
    const mute = new WebSocket(door.address.url, PROTOCOL, { headers, autoPong: false });
    await once(mute, 'open');
    mute.send(frameOf({ kind: 'call', id: 1, method: 'consume', args: [1, 'q', 10] }));
    await once(mute, 'close');
    const delivery = await (await Tap.acking(embedded.bus, 'q')).at(0);
    expect(delivery).toMatchObject({ redelivered: true, returns: 1 });
    await door.close();
    await embedded.close();
    rmSync(folder, { recursive: true });
  });
});
