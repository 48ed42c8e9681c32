import {
  definitionQuery,
  retireQuery,
  type DefinitionCheck,
  type DefinitionList,
  type DefinitionQuery,
  type RetireQuery,
  type DefinitionSummary,
} from '@aura/contracts';
import type { Actor } from '@aura/saga';
import { Controller, Delete, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import type { HttpDependencies } from './http-dependencies';
import { Acting } from './identity/acting';
import { Content } from './parsing/content';
import { TextPipe, type ReceivedText } from './parsing/text-pipe';
import { ZodPipe } from './parsing/zod-pipe';
import { definitionRefused, retireRefused } from './problems/known-problems';
import { HTTP_DEPENDENCIES } from './tokens';

const JSON_TYPE = 'application/json';
// Not text/plain: a foreign web page may send that without being asked, and would publish definitions.
const TEXT_TYPES = [JSON_TYPE, 'application/yaml', 'text/yaml', 'application/x-yaml', 'text/x-yaml'];

/** Lists, checks and publishes definitions, in YAML or JSON. `?file=` is the name that problems carry. */
@Controller('api/v1/definitions')
export class DefinitionsController {
  constructor(@Inject(HTTP_DEPENDENCIES) private readonly door: HttpDependencies) {}

  @Get()
  async list(): Promise<DefinitionList> {
    return { definitions: [...(await this.door.coordinator.definitions())] };
  }

  /** 201 with the summary; the same content again answers the same. 422 with every problem and its line. */
  @Post()
  async publish(
    @Content(TEXT_TYPES, TextPipe) received: ReceivedText,
    @Query(new ZodPipe(definitionQuery)) { file }: DefinitionQuery,
    @Acting() actor: Actor,
  ): Promise<DefinitionSummary> {
    const name = file ?? defaultName(received);
    const published = await this.door.coordinator.publishDefinition(received.text, name, actor);
    if (!published.ok) throw definitionRefused(published.error);
    return published.value;
  }

  /**
   * Retires one version (`?version=`), or all of them: 200 with how they stand. They take no more sagas; those under way
   * go on. 404 when there is none. Repeated, it answers the same.
   */
  @Delete(':id')
  async retire(
    @Param('id') definition: string,
    @Query(new ZodPipe(retireQuery)) { version }: RetireQuery,
    @Acting() actor: Actor,
  ): Promise<DefinitionList> {
    const request = { definition, actor, ...(version === undefined ? {} : { version }) };
    const retired = await this.door.coordinator.retireDefinition(request);
    if (!retired.ok) throw retireRefused(retired.error);
    return { definitions: [...retired.value] };
  }

  /** 200 with the problems, none when the definition would be taken. Nothing is stored. */
  @Post('check')
  @HttpCode(200)
  async check(
    @Content(TEXT_TYPES, TextPipe) received: ReceivedText,
    @Query(new ZodPipe(definitionQuery)) { file }: DefinitionQuery,
  ): Promise<DefinitionCheck> {
    const name = file ?? defaultName(received);
    return { problems: [...(await this.door.coordinator.checkDefinition(received.text, name))] };
  }
}

function defaultName({ mediaType }: ReceivedText): string {
  return mediaType === JSON_TYPE ? 'definition.json' : 'definition.yaml';
}
