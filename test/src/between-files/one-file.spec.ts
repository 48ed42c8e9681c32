import { findsNothingLeft } from './finds-nothing-left';

describe('one file of two', findsNothingLeft);
