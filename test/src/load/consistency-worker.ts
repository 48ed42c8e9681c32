import { untilStopped } from '@aura/nest';
import { openRuntime, startOne, startTracking } from './aura-chain';
import { activateDefinition } from './activate-definition';
import { courseDefinition, courseEnd, courseWorkflow } from './consistency-definition';
import { consistencyParticipants } from './consistency-participants';
import type { ConsistencyReport, ConsistencyTask } from './consistency-row';
import { driveWorkflow } from './drive-workflow';
import { FallbackWatch } from './fallback-watch';
import { ascending, latencies, load, quantile } from './measure';
import type { RunSaga } from './measure';

type Close = () => Promise<void>;

/** Says what a process says, but not of every saga that it is given up, as all of a course are. */
function tell(line: string): void {
  if (!line.startsWith('saga compensating')) process.stderr.write(`${line}\n`);
}

async function main(): Promise<void> {
  const task = JSON.parse(process.argv[2] ?? '') as ConsistencyTask;
  const watch = new FallbackWatch();
  const { run, close } = await driven(task, watch);
  await load(run, Math.ceil(task.together / 3), task.inFlight);
  const alone = await latencies(run, task.alone);
  watch.take();
  process.stdout.write('begin\n');
  const { sagasPerSecond, tookMs } = await load(run, task.together, task.inFlight);
  process.stdout.write('end\n');
  const toFallback = ascending(watch.take());
  const report: ConsistencyReport = {
    sagasPerSecond,
    aloneP50Ms: quantile(alone, 0.5),
    aloneP99Ms: quantile(alone, 0.99),
    p50Ms: quantile(tookMs, 0.5),
    p99Ms: quantile(tookMs, 0.99),
    toFallbackP99Ms: toFallback.length === 0 ? null : quantile(toFallback, 0.99),
  };
  process.stdout.write(`report ${JSON.stringify(report)}\n`);
  await untilStopped(process);
  await close();
}

async function driven(
  { row: { course, mode }, folder, prefix }: ConsistencyTask,
  watch: FallbackWatch,
): Promise<{ readonly run: RunSaga; readonly close: Close }> {
  const where = mode === 'embedded' ? { folder } : { prefix, name: 'bench-driver' };
  const runtime = await openRuntime(where, tell);
  const coordinator = await startTracking(runtime);
  const stops = await Promise.all(
    consistencyParticipants(watch).map((participant) => startOne(runtime, participant)),
  );
  const workflow = courseWorkflow(course);
  await activateDefinition(coordinator, courseDefinition(course), `${workflow}.json`);
  return {
    run: await driveWorkflow(runtime, coordinator, { workflow, endsWith: courseEnd(course) }),
    close: async () => {
      for (const stop of [...stops, () => coordinator.stop(), () => runtime.close()]) await stop();
    },
  };
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
});
