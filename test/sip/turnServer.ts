/** A TURN server on loopback: coturn, Debian's, with one account. */
import { join } from 'node:path';
import type { PortBlock } from './ports.ts';
import { type Program, startProgram } from './programs.ts';

export type TurnServer = {
  /** As a station's profile has it. */
  readonly server: { urls: string; username: string; credential: string };
  readonly program: Program;
};

/** `ports` has room for it at 4 (where it listens) and at 280 to 299 (what it relays). Not ready yet when this returns. */
export function startTurnServer({
  folder,
  ports,
  domain,
}: {
  folder: string;
  ports: PortBlock;
  domain: string;
}): TurnServer {
  const [username, credential] = ['station', 'relay-secret'];
  const program = startProgram(
    'turnserver',
    'turnserver',
    [
      ...[
        '-n',
        '--no-cli',
        '--no-tls',
        '--no-dtls',
        '--lt-cred-mech',
        '--allow-loopback-peers',
        '--log-file=stdout',
        '--verbose',
        '--log-binding',
      ],
      ...['--listening-ip=127.0.0.1', '--relay-ip=127.0.0.1', `--listening-port=${ports.at(4)}`],
      ...[`--min-port=${ports.at(280)}`, `--max-port=${ports.at(299)}`],
      ...[`--realm=${domain}`, `--user=${username}:${credential}`],
      ...[`--userdb=${join(folder, 'turndb')}`, `--pidfile=${join(folder, 'turnserver.pid')}`],
    ],
    join(folder, 'turnserver.log'),
  );
  return { program, server: { urls: `turn:127.0.0.1:${ports.at(4)}?transport=udp`, username, credential } };
}
