import { activate, driveAura, openRuntime, startAllHops, startHop, startTracking } from './aura-chain';
import { untilStopped } from '@aura/nest';
import { latencies, quantile, throughput } from './measure';
import type { RunSaga } from './measure';
import { HOPS } from './chain-definition';
import { startRawDriver, startRawHop } from './raw-amqp';
import { RawEmbedded } from './raw-embedded';
import type { DriverReport, WorkerTask } from './row';

const IN_FLIGHT = 1000;

type Close = () => Promise<void>;

interface Driven {
  readonly run: RunSaga;
  readonly close: Close;
}

async function main(): Promise<void> {
  const task = JSON.parse(process.argv[2] ?? '') as WorkerTask;
  if (task.role === 'driver') return drive(task, await driven(task));
  const close = await hop(task, task.role);
  process.stdout.write('ready\n');
  await untilStopped(process);
  await close();
}

/** Prints marks around what counts, so that the parent can read everybody's CPU time. */
async function drive(task: WorkerTask, { run, close }: Driven): Promise<void> {
  await throughput(run, Math.ceil(task.throughput / 5), IN_FLIGHT);
  const sorted = await latencies(run, task.latency);
  process.stdout.write('begin\n');
  const sagasPerSecond = await throughput(run, task.throughput, IN_FLIGHT);
  process.stdout.write('end\n');
  const report: DriverReport = {
    sagasPerSecond,
    p50Ms: quantile(sorted, 0.5),
    p99Ms: quantile(sorted, 0.99),
  };
  process.stdout.write(`report ${JSON.stringify(report)}\n`);
  await untilStopped(process);
  await close();
}

async function driven(task: WorkerTask): Promise<Driven> {
  const { row } = task;
  if (row.system === 'aura') return drivenAura(task);
  if (row.mode === 'embedded') return new RawEmbedded(task.folder);
  const url = rabbitmq();
  const hops =
    row.layout === 'one'
      ? await Promise.all(Array.from({ length: HOPS }, (_, n) => startRawHop(url, n + 1)))
      : [];
  const driver = await startRawDriver(url);
  return { run: driver.run, close: () => closeAll([driver.close, ...hops]) };
}

async function drivenAura(task: WorkerTask): Promise<Driven> {
  const { row } = task;
  const runtime = await openRuntime(
    row.mode === 'embedded' ? { folder: task.folder } : { prefix: task.prefix, name: 'bench-driver' },
  );
  const coordinator = await startTracking(runtime);
  const hops = row.layout === 'one' ? await startAllHops(runtime) : [];
  await activate(coordinator, row.kind);
  const run = await driveAura(runtime, coordinator, row.kind);
  return { run, close: () => closeAll([...hops, () => coordinator.stop(), () => runtime.close()]) };
}

async function hop(task: WorkerTask, n: number): Promise<Close> {
  if (task.row.system === 'raw') return startRawHop(rabbitmq(), n);
  const runtime = await openRuntime({ prefix: task.prefix, name: `bench-hop-${n}` });
  const stop = await startHop(runtime, n);
  return () => closeAll([stop, () => runtime.close()]);
}

async function closeAll(all: readonly Close[]): Promise<void> {
  for (const close of all) await close();
}

function rabbitmq(): string {
  const url = process.env['AURA_RABBITMQ_URL'];
  if (url === undefined) throw new Error('AURA_RABBITMQ_URL is not set');
  return url;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
});
