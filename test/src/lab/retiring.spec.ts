import { retiring } from './retiring';

describe('definitions on the embedded road', () => {
  retiring(() => Promise.resolve(undefined));
});
