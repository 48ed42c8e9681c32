import { ownServers } from './own-servers';
import type { OwnServers } from './own-servers';
import { retiring } from './retiring';

jest.setTimeout(60_000);

describe('definitions on servers', () => {
  let servers: OwnServers | undefined;
  // Runs behind the inner one, which closes the runtime.
  afterAll(() => servers?.remove());

  describe('of their own', () => {
    retiring(async () => {
      servers = await ownServers();
      return servers.runtime;
    });
  });
});
