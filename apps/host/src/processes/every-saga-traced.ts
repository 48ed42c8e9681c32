type Environment = Readonly<Record<string, string | undefined>>;

/** What says which sagas are traced. */
const SAYS = ['AURA_TRACES_SAMPLE', 'OTEL_TRACES_SAMPLER', 'OTEL_TRACES_SAMPLER_ARG'];

/** An environment in which every saga is traced, unless it says itself which are. */
export function everySagaTraced(env: Environment): Environment {
  return SAYS.some((name) => Boolean(env[name])) ? env : { ...env, AURA_TRACES_SAMPLE: '1' };
}
