import { ownServers } from '../lab/own-servers';
import type { OwnServers } from '../lab/own-servers';
import { largeSagas } from './large-sagas';

jest.setTimeout(60_000);

describe('large sagas on servers', () => {
  let servers: OwnServers | undefined;
  // Runs behind the inner one, which closes the runtime.
  afterAll(() => servers?.remove());

  describe('with payloads in GridFS', () => {
    largeSagas(async () => {
      servers = await ownServers();
      return servers.runtime;
    });
  });
});
