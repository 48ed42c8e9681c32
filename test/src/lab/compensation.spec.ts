import { compensation } from './compensation';

describe('a saga that is given up', () => compensation(() => Promise.resolve(undefined)));
