import os from 'node:os';
import { connect } from 'amqplib';
import { Redis } from 'ioredis';
import { MongoClient } from 'mongodb';
import type { ServerName } from '../server';

const LIMIT_MS = 5_000;

/** Connects for real and does the least that proves a working server. Rejects with the client's error when it does not. */
export async function checkHealth(name: ServerName, url: string): Promise<void> {
  switch (name) {
    case 'rabbitmq':
      return checkRabbitmq(url);
    case 'mongodb':
      return checkMongodb(url);
    case 'redis':
      return checkRedis(url);
  }
}

async function checkRabbitmq(url: string): Promise<void> {
  const connection = await connect(url, { timeout: LIMIT_MS });
  connection.on('error', () => undefined); // the failing call below rejects too
  try {
    await connection.createConfirmChannel();
  } finally {
    await connection.close();
  }
}

async function checkMongodb(url: string): Promise<void> {
  const client = new MongoClient(url, {
    serverSelectionTimeoutMS: LIMIT_MS,
    connectTimeoutMS: LIMIT_MS,
    runtimeAdapters: { os }, // the driver would import() it, which Jest refuses
  });
  try {
    await client.db('admin').command({ ping: 1 });
  } finally {
    await client.close();
  }
}

async function checkRedis(url: string): Promise<void> {
  const client = new Redis(url, {
    lazyConnect: true,
    connectTimeout: LIMIT_MS,
    disconnectTimeout: 50, // else a timer of 2 s stays behind every refused connection
    retryStrategy: () => null,
  });
  client.on('error', () => undefined); // the failing call below rejects too
  try {
    await client.connect();
    await client.ping();
  } finally {
    client.disconnect();
  }
}
