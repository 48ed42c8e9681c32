import { runServiceProcess } from '@aura/nest';
import { recommendationEngineModule } from './module';

void runServiceProcess({ service: 'recommendation-engine', module: recommendationEngineModule });
