import { everySagaTraced } from './every-saga-traced';

describe('processes of aura up', () => {
  it('trace every saga', () => {
    expect(everySagaTraced({ A: 'b' })).toEqual({ A: 'b', AURA_TRACES_SAMPLE: '1' });
    expect(everySagaTraced({ OTEL_TRACES_SAMPLER: '' })).toMatchObject({ AURA_TRACES_SAMPLE: '1' });
  });

  it.each([
    { AURA_TRACES_SAMPLE: '0.5' },
    { OTEL_TRACES_SAMPLER: 'always_off' },
    { OTEL_TRACES_SAMPLER_ARG: '0.2' },
  ])('heed %j', (env) => {
    expect(everySagaTraced(env)).toBe(env);
  });
});
