import { eventType } from '@aura/contracts';
import { z } from 'zod';
import { defineAction } from './action';

describe('an action', () => {
  const greet = {
    name: 'say-hello',
    kind: 'pure',
    input: z.object({ who: z.string() }),
    output: z.object({ greeting: z.string() }),
    run: ({ who }: { readonly who: string }) => ({ output: { greeting: who } }),
  } as const;

  it('completes its step by an event of its own name, unless it names another', () => {
    const plain = defineAction(greet);
    expect(plain).toEqual({ ...greet, emits: 'ai.aura.action.say-hello.completed.v1' });
    expect(eventType.safeParse(plain.emits).success).toBe(true);
    expect(defineAction({ ...greet, emits: 'com.example.greeted.v1' }).emits).toBe('com.example.greeted.v1');
  });

  it('gets its input as its schema reads it', () => {
    const typed = defineAction({
      name: 'double',
      kind: 'reading',
      input: z.object({ n: z.number().default(2) }),
      output: z.object({ twice: z.number() }),
      run: ({ n }) => ({ output: { twice: n * 2 } }),
    });
    expect(typed.run(typed.input.parse({}), {} as never)).toEqual({ output: { twice: 4 } });
  });
});
