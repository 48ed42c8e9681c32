import { busConformance } from '@aura/messaging/testing';
import { amqpUnderTest } from './testing/bus-under-test';
import { brokerUrl } from './testing/broker-url';

busConformance('RabbitMQ', () => amqpUnderTest(brokerUrl()));
