import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { activate, driveAura, openRuntime, startAllHops, startTracking } from './aura-chain';
import { throughput } from './measure';
import type { ScaleReport, ScaleTask } from './scale';

/** Milliseconds of quiet before memory is read: views are written, late timers are gone. */
const QUIET_MS = 3000;

async function main(): Promise<void> {
  const task = JSON.parse(process.argv[2] ?? '') as ScaleTask;
  const folder = mkdtempSync(join(tmpdir(), 'aura-scale-'));
  const runtime = await openRuntime({ folder });
  const coordinator = await startTracking(runtime);
  const hops = await startAllHops(runtime);
  await activate(coordinator, 'pure');
  const run = await driveAura(runtime, coordinator, 'pure');
  await throughput(run, task.warmUp, Math.min(task.inFlight, task.warmUp));
  const before = process.cpuUsage();
  const heapMb: number[] = [];
  for (const sagas of task.legs) {
    await throughput(run, sagas, task.inFlight);
    if (task.legs.length > 1) heapMb.push(await heap());
  }
  const used = process.cpuUsage(before);
  const sagas = task.legs.reduce((sum, leg) => sum + leg, 0);
  const report: ScaleReport = { cpuMsPerSaga: (used.user + used.system) / 1000 / sagas, heapMb };
  process.stdout.write(`report ${JSON.stringify(report)}\n`);
  for (const stop of hops) await stop();
  await coordinator.stop();
  await runtime.close();
  rmSync(folder, { recursive: true, force: true });
}

async function heap(): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
  if (globalThis.gc === undefined) throw new Error('start with --expose-gc');
  globalThis.gc();
  return process.memoryUsage().heapUsed / 1024 / 1024;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
});
