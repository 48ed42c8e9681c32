import { largeSagas } from './large-sagas';

describe('large sagas on the embedded road', () => {
  largeSagas(() => Promise.resolve(undefined));
});
