import { sharing } from './sharing';

describe('instances of a service on the embedded road', () => {
  sharing(() => Promise.resolve(undefined));
});
