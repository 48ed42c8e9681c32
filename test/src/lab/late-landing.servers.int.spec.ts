import { lateLanding } from './late-landing';
import { ownServers } from './own-servers';
import type { OwnServers } from './own-servers';

jest.setTimeout(60_000);

describe('on servers', () => {
  let servers: OwnServers | undefined;
  // Runs behind the inner one, which closes the runtime.
  afterAll(() => servers?.remove());

  describe('a participant', () => {
    lateLanding(async () => {
      servers = await ownServers();
      return servers.runtime;
    });
  });
});
