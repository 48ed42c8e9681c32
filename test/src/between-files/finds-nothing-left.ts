import { trace } from '@opentelemetry/api';
import type { TracerProvider } from '@opentelemetry/api';

const VARIABLE = 'AURA_LEFT_BY_A_FILE';

/** How often this helper was called since it was loaded. */
let calls = 0;

/**
 * Two files of one worker share their globals and the modules of the libraries. Each says this: it finds nothing of what it then
 * leaves behind itself, whichever comes first.
 */
export function findsNothingLeft(): void {
  it('finds no variable, clock, tracer or time limit of an earlier file, nor its helpers, and leaves its own', async () => {
    expect(process.env[VARIABLE]).toBeUndefined();
    expect(trace.setGlobalTracerProvider(tracers())).toBe(true);
    expect(++calls).toBe(1);
    await new Promise<void>((passed) => setTimeout(passed, 50));

    process.env[VARIABLE] = 'left';
    jest.useFakeTimers();
    jest.setTimeout(1);
  });
}

function tracers(): TracerProvider {
  return { getTracer: (name) => trace.getTracer(name) };
}
