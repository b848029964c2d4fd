/** The OPC UA server itself: where it listens, who is let in, and by which certificates. */
import { chmod, mkdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { ISessionContext } from 'node-opcua-address-space';
import { OPCUACertificateManager } from 'node-opcua-certificate-manager';
import { nodesets } from 'node-opcua-nodesets';
import { MessageSecurityMode, SecurityPolicy } from 'node-opcua-secure-channel';
import { OPCUAServer, type ServerSession, type Subscription } from 'node-opcua-server';
import { isLoopback } from '../../../core/loopback.ts';
import type { Role } from '../../contract/access.ts';
import type { Asking } from './asking.ts';
import type { ServerSetup } from './messages.ts';
import type { RoleOf } from './methods.ts';

/** Clients at a time. */
const MOST_CLIENTS = 20;
/** A client that asks for none gets so many places for events: the library gives it one, and loses what comes together. */
const EVENT_PLACES = 1000;

async function certificates(folder: string, automatically: boolean): Promise<OPCUACertificateManager> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const manager = new OPCUACertificateManager({
    rootFolder: folder,
    automaticallyAcceptUnknownCertificate: automatically,
  });
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

interface MadeServer {
  readonly server: OPCUAServer;
  readonly roleOf: RoleOf;
}

/** Gives a server that is initialised and does not listen yet. */
export async function makeServer(
  { settings, folder, station, version }: ServerSetup,
  asking: Asking,
): Promise<MadeServer> {
  const { listen, port, host, anonymous, trust } = settings;
  const isLocal = await isLoopback(listen);
  const everywhere = ['0.0.0.0', '::'].includes(listen);
  const roles = new WeakMap<object, Role>();
  const secured = [MessageSecurityMode.Sign, MessageSecurityMode.SignAndEncrypt];
  const server = new OPCUAServer({
    port,
    host: listen,
    hostname: host || (everywhere ? hostname() : listen),
    alternateHostname: [listen, ...(host ? [host] : [])].filter((name) => !['0.0.0.0', '::'].includes(name)),
    maxConnectionsPerEndpoint: MOST_CLIENTS,
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
        asking.ask('signIn', { name, secret }).then(
          (role) => {
            roles.set(this, role);
            callback(null, true);
          },
          () => callback(null, false),
        );
      },
    },
  });
  await server.initialize();
  const tell = (): void => asking.tell({ type: 'clients', count: server.currentSessionCount });
  server.on('create_session', (session: ServerSession) => keepEvents(session));
  server.on('session_activated', tell);
  server.on('session_closed', () => setImmediate(tell));
  const roleOf = ({ session }: ISessionContext): Role | null =>
    (session && roles.get(session)) ?? (anonymous ? 'operator' : null);
  return { server, roleOf };
}
