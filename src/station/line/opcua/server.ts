/** The OPC UA server itself: where it listens, who is let in, and by which certificates. */
import { chmod, mkdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { type AddressSpace, WellKnownRoles } from 'node-opcua-address-space';
import { OPCUACertificateManager } from 'node-opcua-certificate-manager';
import { nodesets } from 'node-opcua-nodesets';
import { MessageSecurityMode, SecurityPolicy } from 'node-opcua-secure-channel';
import { OPCUAServer, type ServerSession, type Subscription } from 'node-opcua-server';
import { isLoopback } from '../../../core/loopback.ts';
import type { Asking } from './asking.ts';
import { Clients } from './clients.ts';
import type { ServerSetup } from './messages.ts';
import { setDamagedAside } from './own-keys.ts';

/** Clients at a time. */
const MOST_CLIENTS = 20;
/** Of all clients: from 5,000 of one node on the library warns, and ends the process by that (see process.ts). */
const MOST_ITEMS = 4000;
/** A client that asks for none gets so many places for events: the library gives it one, and loses what comes together. */
const EVENT_PLACES = 1000;

async function certificates(folder: string, automatically: boolean): Promise<OPCUACertificateManager> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const manager = new OPCUACertificateManager({
    rootFolder: folder,
    automaticallyAcceptUnknownCertificate: automatically,
  });
  for (const name of await setDamagedAside(folder))
    console.error(
      `OPC UA: ${name} could not be read; it was put aside, and another is made. Clients must trust the new one.`,
    );
  await manager.initialize();
  await chmod(manager.privateKey, 0o600);
  return manager;
}

/** Events that come together are not to drive each other out. */
function keepEvents(session: ServerSession): void {
  session.on('new_subscription', (subscription: Subscription) => {
    subscription.on('monitoredItem', (item: { queueSize: number; filter: { schema?: { name?: string } } | null }) => {
      if (item.filter?.schema?.name === 'EventFilter') item.queueSize = Math.max(item.queueSize, EVENT_PLACES);
    });
  });
}

/** OPC 10000-3, PermissionType: Browse, Read, ReadHistory, ReceiveEvents, Call. */
const READING = 0x0001 | 0x0020 | 0x0080 | 0x0800 | 0x1000;

/** What the station shows is written by it alone; the library lets every client write variables of its own namespace unless told. */
function forbidWriting(space: AddressSpace): void {
  const roles = [WellKnownRoles.Anonymous, WellKnownRoles.AuthenticatedUser];
  space.getOwnNamespace().setDefaultRolePermissions(roles.map((roleId) => ({ roleId, permissions: READING })));
}

interface MadeServer {
  readonly server: OPCUAServer;
  readonly clients: Clients;
}

/** Gives a server that is initialised and does not listen yet. */
export async function makeServer(
  { settings, folder, station, version }: ServerSetup,
  asking: Asking,
): Promise<MadeServer> {
  const { listen, port, host, anonymous, trust } = settings;
  const isLocal = await isLoopback(listen);
  const everywhere = ['0.0.0.0', '::'].includes(listen);
  const clients = new Clients(asking, anonymous);
  const secured = [MessageSecurityMode.Sign, MessageSecurityMode.SignAndEncrypt];
  const server = new OPCUAServer({
    port,
    host: listen,
    hostname: host || (everywhere ? hostname() : listen),
    alternateHostname: [listen, ...(host ? [host] : [])].filter((name) => !['0.0.0.0', '::'].includes(name)),
    maxConnectionsPerEndpoint: MOST_CLIENTS,
    serverCapabilities: {
      maxSessions: MOST_CLIENTS,
      maxMonitoredItems: MOST_ITEMS,
      maxMonitoredItemsPerSubscription: 1000,
    },
    nodeset_filename: [nodesets.standard, nodesets.machineVision, nodesets.machineryResult],
    serverCertificateManager: await certificates(join(folder, 'pki'), trust === 'any'),
    userCertificateManager: await certificates(join(folder, 'user-pki'), false),
    securityPolicies: [
      ...(isLocal ? [SecurityPolicy.None] : []),
      SecurityPolicy.Basic256Sha256,
      SecurityPolicy.Aes256_Sha256_RsaPss,
    ],
    securityModes: [...(isLocal ? [MessageSecurityMode.None] : []), ...secured],
    allowAnonymous: anonymous,
    disableDiscovery: true,
    serverInfo: {
      applicationUri: `urn:felfri:${encodeURIComponent(station)}`,
      productUri: 'urn:felfri',
      applicationName: { text: `felfri ${station}` },
    },
    buildInfo: {
      productName: 'felfri',
      productUri: 'urn:felfri',
      manufacturerName: 'felfri',
      softwareVersion: version,
      buildNumber: version,
    },
    userManager: {
      isValidUserAsync(name, secret, callback) {
        void clients.enter(this, name, secret).then((isIn) => callback(null, isIn));
      },
    },
  });
  await server.initialize();
  forbidWriting(server.engine.addressSpace!);
  const tell = (): void => asking.tell({ type: 'clients', count: server.currentSessionCount });
  server.on('create_session', (session: ServerSession) => keepEvents(session));
  server.on('session_activated', tell);
  server.on('session_closed', (session: ServerSession) => {
    clients.left(session);
    setImmediate(tell);
  });
  return { server, clients };
}
