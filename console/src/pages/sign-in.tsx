import { whyNoToken } from '@oversoak/contracts/identity/token-text';
import { useState } from 'preact/hooks';
import { Client } from '../api/client.ts';
import { ProblemNote } from '../parts/problem.tsx';
import type { Session } from './session.ts';

interface SignInProps {
  /** Why the caller was signed out. */
  reason: string | null;
  signedIn(session: Session): void;
  signOut(): void;
}

export function SignIn({ reason, signedIn, signOut }: SignInProps) {
  const [token, setToken] = useState('');
  const [error, setError] = useState<Error | null>(null);
  const signIn = async (event: Event) => {
    event.preventDefault();
    const given = token.trim();
    const why = whyNoToken(given);
    if (why !== null) return setError(new Error(`This is no token: ${why}.`));
    const client = new Client(given, signOut);
    try {
      signedIn({ client, caller: await client.me() });
    } catch (failed) {
      setError(failed as Error);
    }
  };
  return (
    <main class="sign-in">
      <h1>oversoak</h1>
      {reason !== null && <p class="note">{reason}</p>}
      <form onSubmit={signIn}>
        <label>
          API token
          <input
            type="password"
            autocomplete="current-password"
            required
            value={token}
            onInput={({ currentTarget }) => setToken(currentTarget.value)}
          />
        </label>
        <button type="submit">Sign in</button>
      </form>
      <p class="note">
        The token is kept in this page only, and is gone after a reload. <code>oversoak start</code>{' '}
        prints it.
      </p>
      <ProblemNote error={error} />
    </main>
  );
}
