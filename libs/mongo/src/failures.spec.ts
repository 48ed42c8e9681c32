import { StoreUnavailableError } from '@aura/kernel';
import { MongoNetworkError, MongoServerError } from 'mongodb';
import { asStoreError, isDuplicate, isPassing, isPassingCode, UnconfirmedWriteError } from './failures';

const serverError = (code: number) => new MongoServerError({ message: `code ${code}`, code });

describe('a failure of MongoDB', () => {
  test.each([
    new MongoNetworkError('connection closed'),
    new UnconfirmedWriteError('no majority'),
    serverError(91),
    serverError(10107),
  ])('passes: %s', (error) => {
    expect(isPassing(error)).toBe(true);
  });

  test.each([serverError(11000), serverError(13), new TypeError('ours'), undefined])('stays: %s', (error) => {
    expect(isPassing(error)).toBe(false);
  });

  test('of one write in a bulk is judged by its code', () => {
    expect([isPassingCode(11602), isPassingCode(11000), isPassingCode(121)]).toEqual([true, false, false]);
    expect([isDuplicate(serverError(11000)), isDuplicate(serverError(121))]).toEqual([true, false]);
  });

  test('reaches the caller as an error of the store; a mistake of ours as it is', () => {
    const told = asStoreError('append', serverError(13));
    expect(told).toBeInstanceOf(StoreUnavailableError);
    expect(told).toMatchObject({ message: 'append: MongoDB says code 13' });
    const [mistake, known] = [new TypeError('ours'), new StoreUnavailableError('known')];
    expect(asStoreError('append', mistake)).toBe(mistake);
    expect(asStoreError('append', known)).toBe(known);
  });
});
