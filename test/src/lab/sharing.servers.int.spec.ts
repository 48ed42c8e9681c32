import { ownServers } from './own-servers';
import type { OwnServers } from './own-servers';
import { sharing } from './sharing';

jest.setTimeout(60_000);

describe('instances of a service on servers', () => {
  let servers: OwnServers | undefined;
  // Runs behind the inner one, which closes the runtime.
  afterAll(() => servers?.remove());

  describe('of their own', () => {
    sharing(async () => {
      servers = await ownServers();
      return servers.runtime;
    });
  });
});
