import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { JWTPayload, KeyLike } from 'jose';
import { Authenticator } from './authenticator';
import { localActor } from './local-actor';
import { isLoopback, requireSafeBinding } from './safe-binding';

const TOKEN = 'a-secret-that-is-long-enough';

describe('the binding of a door', () => {
  it.each(['127.0.0.1', '127.1.2.3', '::1', 'localhost'])('%s is loopback', (host) => {
    expect(isLoopback(host)).toBe(true);
    expect(() => requireSafeBinding(host, false)).not.toThrow();
  });

  it.each(['0.0.0.0', '::', '10.0.0.1', 'aura.example'])('%s is refused unless somebody is asked', (host) => {
    expect(() => requireSafeBinding(host, false)).toThrow(`AURA_HOST is "${host}"`);
    expect(() => requireSafeBinding(host, true)).not.toThrow();
  });
});

describe('without settings', () => {
  it('who acts is the local user, who may do everything', async () => {
    const authenticator = Authenticator.of(
      {},
      localActor(() => 'ada'),
    );
    const actor = await authenticator.actorOf('Bearer whatever');
    expect(actor).toEqual({ subject: 'local:ada', roles: [] });
    expect(() => authenticator.demand('operator', actor)).not.toThrow();
  });

  it('a user without a name is a number', () => {
    const nameless = localActor(() => {
      throw new Error('no entry');
    });
    expect(nameless.subject).toMatch(/^local:/);
  });
});

describe('with a token', () => {
  const authenticator = Authenticator.of({ AURA_TOKEN: TOKEN });

  it('who brings it is an operator', async () => {
    const actor = await authenticator.actorOf(`Bearer ${TOKEN}`);
    expect(actor).toEqual({ subject: 'token:operator', roles: ['operator'] });
    expect(() => authenticator.demand('operator', actor)).not.toThrow();
  });

  it.each([undefined, '', `Basic ${TOKEN}`, 'Bearer', `Bearer ${TOKEN}x`, `Bearer ${TOKEN.slice(1)}`])(
    'who brings %s is not known',
    async (authorization) => {
      await expect(authenticator.actorOf(authorization)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    },
  );
});

describe('with a key set', () => {
  const folder = mkdtempSync(join(tmpdir(), 'aura-keys-'));
  const file = join(folder, 'keys.json');
  let key: KeyLike;
  let keySet: string;
  let authenticator: Authenticator;

  beforeAll(async () => {
    const pair = await generateKeyPair('ES256');
    key = pair.privateKey;
    keySet = JSON.stringify({ keys: [{ ...(await exportJWK(pair.publicKey)), alg: 'ES256' }] });
    writeFileSync(file, keySet);
    authenticator = Authenticator.of({
      AURA_AUTH_JWKS: file,
      AURA_AUTH_ISSUER: 'https://issuer.example',
      AURA_AUTH_AUDIENCE: 'aura',
    });
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  async function bearer(payload: JWTPayload, by: KeyLike = key): Promise<string> {
    const claims = { iss: 'https://issuer.example', aud: 'aura', sub: 'ada', ...payload };
    const signing = new SignJWT(claims).setProtectedHeader({ alg: 'ES256' });
    const token = await (payload.exp === undefined ? signing.setExpirationTime('1 minute') : signing).sign(
      by,
    );
    return `Bearer ${token}`;
  }

  it('subject and roles come from the claims', async () => {
    expect(await authenticator.actorOf(await bearer({ roles: ['operator', 'reader'] }))).toEqual({
      subject: 'ada',
      roles: ['operator', 'reader'],
    });
    expect(await authenticator.actorOf(await bearer({ roles: 'reader writer' }))).toEqual({
      subject: 'ada',
      roles: ['reader', 'writer'],
    });
    expect(await authenticator.actorOf(await bearer({}))).toEqual({ subject: 'ada', roles: [] });
  });

  it('a role that is missing is named', async () => {
    const actor = await authenticator.actorOf(await bearer({ roles: ['reader'] }));
    expect(() => authenticator.demand('operator', actor)).toThrow('ada does not have the role operator');
  });

  it('a token that is late, of another issuer or audience, or of another key is not believed', async () => {
    const stranger = (await generateKeyPair('ES256')).privateKey;
    const tokens = [
      await bearer({ exp: 1 }),
      await bearer({ iss: 'https://other.example' }),
      await bearer({ aud: 'other' }),
      await bearer({ roles: 7 }),
      await bearer({}, stranger),
      'Bearer a.b.c',
      'Bearer nonsense',
    ];
    for (const token of tokens)
      await expect(authenticator.actorOf(token)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('a token without signature, or signed with the public key as if it were a secret, is not believed', async () => {
    const parts = [{ alg: 'none' }, { sub: 'ada', exp: 9_999_999_999 }];
    const unsigned = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
    const disguised = await new SignJWT({ sub: 'ada' })
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime('1 minute')
      .sign(new TextEncoder().encode(keySet));
    for (const token of [`${unsigned}.`, disguised])
      await expect(authenticator.actorOf(`Bearer ${token}`)).rejects.toMatchObject({
        code: 'UNAUTHENTICATED',
      });
  });

  it('is fetched from a URL; while nobody answers there, that is not the fault of who asks', async () => {
    const server = createServer((_request, response) => response.end(keySet)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const remote = (): Authenticator => Authenticator.of({ AURA_AUTH_JWKS: `http://127.0.0.1:${port}/keys` });
    expect(await remote().actorOf(await bearer({}))).toMatchObject({ subject: 'ada' });
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
    await expect(remote().actorOf(await bearer({}))).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });

  it.each(['/no/such/file', __filename])('that cannot be read is refused at start: %s', (where) => {
    expect(() => Authenticator.of({ AURA_AUTH_JWKS: where })).toThrow('AURA_AUTH_JWKS is');
  });
});
