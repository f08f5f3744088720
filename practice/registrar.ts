/** Where the agents can be rung: address bindings (RFC 3261 10), in memory, gone with their socket. */
import { Core } from 'sip.js';
import type { Connection } from './connection.ts';

export type Binding = { connection: Connection; uri: Core.URI; until: number };
export type Registrar = {
  /** Takes an authenticated REGISTER and answers it; gives the seconds granted, 0 when the user left. */
  register: (connection: Connection, user: string, request: Core.IncomingRegisterRequest) => number;
  /** The newest binding that still holds. */
  find: (user: string) => Binding | undefined;
  /** The users whose socket is gone. */
  drop: (connection: Connection) => string[];
};

const DEFAULT_EXPIRES = 600;
const MOST_EXPIRES = 3600;
const MOST_BINDINGS = 10;

export function createRegistrar(): Registrar {
  const bindings = new Map<string, Binding[]>();
  const live = (user: string): Binding[] => (bindings.get(user) ?? []).filter(({ until }) => until > Date.now());

  return {
    register: (connection, user, request) => {
      const { message } = request;
      let list = live(user);
      let granted = 0;
      for (let i = 0; i < Math.min(MOST_BINDINGS, message.getHeaders('contact').length); i++) {
        const contact: unknown = message.parseHeader('contact', i);
        if (!(contact instanceof Core.NameAddrHeader)) continue;
        granted = grantedSeconds(contact.getParam('expires') ?? message.getHeader('expires'));
        list = list.filter(({ uri }) => uri.toString() !== contact.uri.toString());
        if (granted > 0) list.push({ connection, uri: contact.uri, until: Date.now() + granted * 1000 });
      }
      list = list.slice(-MOST_BINDINGS);
      bindings.set(user, list);
      const contacts = list.map(({ uri, until }) => {
        const rest = Math.max(1, Math.round((until - Date.now()) / 1000));
        return `Contact: <${uri.toString()}>;expires=${rest}`;
      });
      request.accept({ statusCode: 200, extraHeaders: [...contacts, `Date: ${new Date().toUTCString()}`] });
      return granted;
    },
    find: (user) => live(user).at(-1),
    drop: (connection) => {
      const gone: string[] = [];
      for (const [user, list] of bindings) {
        const kept = list.filter((binding) => binding.connection !== connection);
        if (kept.length === list.length) continue;
        bindings.set(user, kept);
        gone.push(user);
      }
      return gone;
    },
  };
}

function grantedSeconds(asked: unknown): number {
  const seconds = Number(asked ?? DEFAULT_EXPIRES);
  return Number.isFinite(seconds) ? Math.min(Math.max(0, seconds), MOST_EXPIRES) : DEFAULT_EXPIRES;
}
