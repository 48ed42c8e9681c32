import { findsNothingLeft } from './finds-nothing-left';

describe('another file of two', findsNothingLeft);
