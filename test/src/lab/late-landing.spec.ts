import { lateLanding } from './late-landing';

jest.setTimeout(60_000);

describe('an embedded participant', () => lateLanding(() => Promise.resolve(undefined)));
