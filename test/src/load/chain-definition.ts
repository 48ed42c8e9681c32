/** Steps of the chain that is measured. */
export const HOPS = 5;

/** The chain as a definition: each step hands the payload on. */
export function chainDefinition(kind: 'pure' | 'stateful'): string {
  const steps = Array.from({ length: HOPS }, (_, n) => ({
    id: `hop_${n + 1}`,
    name: `Hop ${n + 1}`,
    type: 'command',
    action: `${kind}-hop-${n + 1}`,
    ...(n === 0 ? {} : { dependencies: [`hop_${n}`] }),
    input: { payload: n === 0 ? 'input.payload' : `steps.hop_${n}.output.payload` },
    timeout: '2m',
  }));
  return JSON.stringify({
    id: `bench_${kind}`,
    name: `Chain of ${HOPS} ${kind} steps`,
    version: '1.0.0',
    timeout: '30m',
    input: { type: 'object', required: ['payload'], properties: { payload: { type: 'string' } } },
    example: { payload: 'x' },
    output: { payload: `steps.hop_${HOPS}.output.payload` },
    steps,
  });
}
