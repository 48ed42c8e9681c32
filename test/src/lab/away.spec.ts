import { awayParticipant } from './away';

jest.setTimeout(60_000);

describe('an embedded participant', () => awayParticipant(() => Promise.resolve(undefined)));
