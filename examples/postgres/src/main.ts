import 'reflect-metadata';
import { AuraModule } from '@aura/nest';
import { Inject, Injectable, Module } from '@nestjs/common';
import type { DynamicModule, OnApplicationShutdown } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Pool } from 'pg';
import { bookSlot } from './book-slot';
import { Operations } from './operations';

/** Ends with the application, behind everything that uses it. */
@Injectable()
class Database implements OnApplicationShutdown {
  constructor(@Inject(Pool) private readonly pool: Pool) {}

  onApplicationShutdown(): Promise<void> {
    return this.pool.end();
  }
}

@Module({})
class FittingRooms {}

function fittingRooms(pool: Pool): DynamicModule {
  const actions = [bookSlot(new Operations(pool))];
  return {
    module: FittingRooms,
    imports: [AuraModule.forRoot({ service: 'fitting-rooms', actions })],
    providers: [{ provide: Pool, useValue: pool }, Database],
  };
}

async function openDatabase(connectionString: string): Promise<Pool> {
  const pool = new Pool({ connectionString });
  // A connection that breaks while nobody uses it: whoever needs one gets another.
  pool.on('error', (error) => process.stderr.write(`PostgreSQL: ${error.message}\n`));
  await new Operations(pool).prepare();
  await pool.query(
    'CREATE TABLE IF NOT EXISTS slots (name text PRIMARY KEY, free integer NOT NULL CHECK (free >= 0))',
  );
  return pool;
}

async function main(): Promise<void> {
  const { DATABASE_URL } = process.env;
  if (DATABASE_URL === undefined)
    throw new Error('Set DATABASE_URL to a PostgreSQL, e.g. postgres://me@localhost/mine');
  const app = await NestFactory.createApplicationContext(fittingRooms(await openDatabase(DATABASE_URL)));
  app.enableShutdownHooks();
  process.stdout.write('fitting-rooms ready\n');
}

void main();
