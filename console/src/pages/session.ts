import type { AccessRole, Caller } from '@oversoak/contracts';
import { includesRole } from '@oversoak/contracts/identity/access';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Client } from '../api/client.ts';

/** The signed-in caller, and the client with their token. */
export interface Session {
  client: Client;
  caller: Caller;
}

export const SessionContext = createContext<Session | null>(null);

/** Pages are shown only after signing in. */
function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new Error('nobody is signed in');
  return session;
}

export const useClient = (): Client => useSession().client;

/** Whether to show what needs the role; the API decides by itself. */
export const useMay = (needed: AccessRole): boolean =>
  includesRole(useSession().caller.role, needed);
