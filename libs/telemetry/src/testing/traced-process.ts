// A process with one span, `analyse-image` of saga `s1`, and telemetry by its environment. Ends by itself.
import { SpanKind, trace } from '@opentelemetry/api';
import { openTelemetry } from '../open-telemetry';

async function main(): Promise<void> {
  const { log, close } = openTelemetry({
    service: 'nlu',
    instance: 'nlu-1',
    env: process.env,
    defaults: { share: 1 },
    out: process.stderr,
  });
  const attributes = { 'messaging.message.conversation_id': 's1' };
  trace.getTracer('t').startSpan('analyse-image', { kind: SpanKind.CONSUMER, attributes }).end();
  log.info('done');
  await close();
}

void main();
