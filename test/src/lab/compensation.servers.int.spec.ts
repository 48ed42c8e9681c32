import { compensation } from './compensation';
import { ownServers } from './own-servers';
import type { OwnServers } from './own-servers';

jest.setTimeout(60_000);

describe('on servers', () => {
  let servers: OwnServers | undefined;
  // Runs behind the inner one, which closes the runtime.
  afterAll(() => servers?.remove());

  describe('a saga that is given up', () => {
    compensation(async () => {
      servers = await ownServers();
      return servers.runtime;
    });
  });
});
