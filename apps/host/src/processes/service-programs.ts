import { dirname, join } from 'node:path';

/** A service that Aura ships with, as a program. */
export interface ServiceProgram {
  readonly name: string;
  /** Script that runs it on this Node. */
  readonly script: string;
  /** Its port when the coordinator's is the given one: the five before that are the services'. 0 is any free port. */
  portBeside(coordinator: number): number;
}

/** All services that Aura ships with, the coordinator last; on 8001 to 8006 when the coordinator has 8006. */
export function servicePrograms(): readonly ServiceProgram[] {
  const all = [
    program('image-processing', require.resolve('@aura/image-processing')),
    program('nlu', require.resolve('@aura/nlu')),
    program('style-profile', require.resolve('@aura/style-profile')),
    program('combination-engine', require.resolve('@aura/combination-engine')),
    program('recommendation-engine', require.resolve('@aura/recommendation-engine')),
    program('coordinator', require.resolve('@aura/coordinator')),
  ];
  return all.map((one, index) => ({
    ...one,
    portBeside: (port) => (port === 0 ? 0 : port - (all.length - 1 - index)),
  }));
}

function program(name: string, index: string): Omit<ServiceProgram, 'portBeside'> {
  return { name, script: join(dirname(index), 'main.js') };
}
