/**
 * The connectors of the line, a row each: settings, what it does, its test, and what makes it. The file of outputs, `felfri line`, the page and
 * the guide read this table. What a connector needs is loaded when it is made.
 */

import { shownUrl } from '../../core/shown-url.ts';
import { PartMessage, StateMessage } from '../contract/line.ts';
import { connectorRow } from './connector.ts';
import { type LinesSettings, linesSettings } from './lines/settings.ts';
import { requireFields } from './lines/template.ts';
import { isListening, isTaken } from './listening.ts';
import { modbusSettings } from './modbus/settings.ts';
import { mqttSettings } from './mqtt/settings.ts';
import { opcuaSettings } from './opcua/settings.ts';
import { webhookSettings } from './webhook/settings.ts';

function requireTemplates({ part, state }: LinesSettings): void {
  requireFields(part, Object.keys(PartMessage.properties));
  requireFields(state, Object.keys(StateMessage.properties));
}

export const connectors = {
  webhook: connectorRow({
    title: 'Webhook',
    does: 'posts each part as signed JSON to an address, and tries again until it is taken',
    announces: false,
    settings: webhookSettings,
    example: { url: 'https://mes.example/felfri', secret: 'env:FELFRI_WEBHOOK_SECRET' },
    address: ({ url }) => shownUrl(url),
    check: async (settings, signal) => (await import('./webhook/webhook.ts')).checkWebhook(settings, signal),
    make: async (settings, tools) => (await import('./webhook/webhook.ts')).makeWebhook(settings, tools),
  }),
  lines: connectorRow({
    title: 'TCP lines',
    does: 'sends each part as a line of text to whoever connects, and waits for an acknowledgement',
    announces: false,
    settings: linesSettings,
    example: { listen: '0.0.0.0', port: 7360, part: 'PART;{sequence};{resultId};{part};{decision}' },
    address: ({ listen, port }) => `tcp://${listen}:${port}`,
    check: async (settings) => {
      requireTemplates(settings);
      return isTaken(settings.listen, settings.port);
    },
    make: async (settings, tools) => {
      requireTemplates(settings);
      return (await import('./lines/lines.ts')).makeLines(settings, tools);
    },
  }),
  mqtt: connectorRow({
    title: 'MQTT 5',
    does: 'publishes each part to a broker, and keeps the state of the station as a retained message',
    announces: false,
    settings: mqttSettings,
    example: { url: 'mqtt://broker.example:1883', username: 'felfri', password: 'env:FELFRI_MQTT_PASSWORD' },
    address: ({ url }) => shownUrl(url),
    check: async (settings, signal) => (await import('./mqtt/mqtt.ts')).checkMqtt(settings, signal),
    make: async (settings, tools) => (await import('./mqtt/mqtt.ts')).makeMqtt(settings, tools),
  }),
  modbus: connectorRow({
    title: 'Modbus TCP',
    does: 'is a Modbus TCP server, from whose registers a controller reads each result and acknowledges it',
    announces: true,
    settings: modbusSettings,
    example: { listen: '0.0.0.0', port: 1502, windowMillis: 500, recipes: { 1: 'rings', 2: 'links' } },
    address: ({ listen, port }) => `modbus://${listen}:${port}`,
    check: async ({ listen, port }) => isListening(listen, port),
    make: async (settings, tools) => (await import('./modbus/modbus.ts')).makeModbus(settings, tools),
  }),
  opcua: connectorRow({
    title: 'OPC UA',
    does: 'is an OPC UA server after OPC 40100-1 (machine vision), in a process of its own, whose clients acknowledge each result',
    announces: true,
    settings: opcuaSettings,
    example: { listen: '0.0.0.0', port: 4840, host: 'station-7.plant.example' },
    address: ({ listen, port }) => `opc.tcp://${listen}:${port}`,
    check: async ({ listen, port }) => isListening(listen, port),
    make: async (settings, tools) => (await import('./opcua/opcua.ts')).makeOpcua(settings, tools),
  }),
} as const;

export type ConnectorKind = keyof typeof connectors;
export const connectorKinds = Object.keys(connectors) as ConnectorKind[];
