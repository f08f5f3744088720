/** The files of a network in its folder: Kamailio's configuration, SIPp's scenarios and voices, the certificate of wss. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { encodeSample } from '../../practice/mulaw.ts';
import { sippCallees } from './callees.ts';
import type { SipUser } from './network.ts';
import type { PortBlock } from './ports.ts';

/** Eight-bit mu-law, 10 s of a tone, for SIPp to play. */
function tone(hertz: number, loudness: (second: number) => number): Buffer {
  return Buffer.from(
    Array.from({ length: 80_000 }, (_, index) =>
      encodeSample(Math.round(loudness(index / 8000) * Math.sin((2 * Math.PI * hertz * index) / 8000))),
    ),
  );
}

function modulesFolder(): string {
  const folders = [
    '/usr/lib64/kamailio/modules',
    ...readdirSync('/usr/lib').map((name) => `/usr/lib/${name}/kamailio/modules`),
  ];
  const found = folders.find((folder) => existsSync(folder));
  if (found === undefined)
    throw new Error(
      'Kamailio is not installed: apt-get install kamailio kamailio-websocket-modules kamailio-tls-modules',
    );
  return `${found}/`;
}

type Files = {
  domain: string;
  folder: string;
  ports: PortBlock;
  port: number;
  tlsPort: number;
  rtpenginePort: number;
  users: readonly SipUser[];
  registrarSeconds: number;
};

export async function writeFiles({
  domain,
  folder,
  ports,
  port,
  tlsPort,
  rtpenginePort,
  users,
  registrarSeconds,
}: Files): Promise<void> {
  const fill = (text: string, words: Readonly<Record<string, string | number>>) =>
    text.replace(/@([A-Z_]+)@/g, (whole, word: string) => String(words[word] ?? whole));
  const tables = [
    ...users.map(({ user, password }) => `\t$sht(users=>${user}) = "${password}";`),
    ...sippCallees.map(({ number }, index) => `\t$sht(gw=>${number}) = "${ports.at(10 + index)}";`),
  ].join('\n');
  mkdirSync(folder, { recursive: true });
  const words = {
    ...{ FOLDER: folder, DOMAIN: domain, PORT: port, TLS_PORT: tlsPort, RTPENGINE_PORT: rtpenginePort },
    ...{ FAR_PORT: ports.at(50), MODULES: modulesFolder(), TABLES: tables },
    ...{ REGISTRAR_SECONDS: registrarSeconds, LEAST_SECONDS: Math.min(10, registrarSeconds) },
  };
  const template = readFileSync(join(import.meta.dirname, 'kamailio.cfg.in'), 'utf8');
  writeFileSync(join(folder, 'kamailio.cfg'), fill(template, words));
  for (const name of readdirSync(join(import.meta.dirname, 'callees'))) {
    const scenario = readFileSync(join(import.meta.dirname, 'callees', name), 'utf8');
    writeFileSync(join(folder, name), fill(scenario, words));
  }
  writeFileSync(
    join(folder, 'tone440.ul'),
    tone(440, () => 8000),
  );
  // Two beats a second, as an announcement is neither steady nor silent.
  writeFileSync(
    join(folder, 'announce.ul'),
    tone(620, (second) => (second % 0.5 < 0.35 ? 9000 : 900)),
  );
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '30'];
  const names = ['-subj', `/CN=${domain}`, '-addext', 'subjectAltName=IP:127.0.0.1'];
  await promisify(execFile)('openssl', ['req', '-x509', ...kind, ...names, '-keyout', key, '-out', certificate]);
}
