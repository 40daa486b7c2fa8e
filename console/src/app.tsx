import type { Caller } from '@oversoak/contracts';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { AgentsPage } from './pages/agents.tsx';
import { ComparePage } from './pages/compare.tsx';
import { NewSoakPage } from './pages/new-soak.tsx';
import { SchedulesPage } from './pages/schedules.tsx';
import { type Session, SessionContext } from './pages/session.ts';
import { SignIn } from './pages/sign-in.tsx';
import { SoakPage } from './pages/soak.tsx';
import { SoaksPage } from './pages/soaks.tsx';
import { PRESETS } from './presets.ts';

const PAGES = [
  { path: 'soaks', title: 'Soaks' },
  { path: 'compare', title: 'Compare' },
  { path: 'schedules', title: 'Schedules' },
  { path: 'agents', title: 'Agents' },
];

export function App() {
  const [session, setSession] = useState<Session | null>(null);
  const [reason, setReason] = useState<string | null>(null);
  const refused = useCallback(() => {
    setSession(null);
    setReason('The API refuses the token.');
  }, []);
  const leave = () => {
    setSession(null);
    setReason(null);
  };
  if (session === null) return <SignIn reason={reason} signedIn={setSession} signOut={refused} />;
  return (
    <SessionContext.Provider value={session}>
      <Shell caller={session.caller} leave={leave} />
    </SessionContext.Provider>
  );
}

function Shell({ caller, leave }: { caller: Caller; leave(): void }) {
  const route = useRoute();
  const [first = ''] = route;
  const path = first === '' || first === 'new' ? 'soaks' : first;
  const main = useRef<HTMLElement>(null);
  const place = route.join('/');
  // Who reads with a screen reader hears that another page is shown.
  useEffect(() => {
    document.title = `oversoak: ${place === '' ? 'soaks' : place}`;
    main.current?.focus();
  }, [place]);
  return (
    <>
      <nav class="top" aria-label="Pages">
        <a class="brand" href="#/soaks">
          oversoak
        </a>
        {PAGES.map((page) => (
          <a
            key={page.path}
            href={`#/${page.path}`}
            {...(page.path === path ? { 'aria-current': 'page' as const } : {})}
          >
            {page.title}
          </a>
        ))}
        <small class="caller">
          {caller.name} ({caller.role})
        </small>
        <button type="button" class="plain" onClick={leave}>
          Sign out
        </button>
      </nav>
      <main ref={main} tabIndex={-1}>
        <Page key={place} route={route} />
      </main>
    </>
  );
}

function Page({ route: [page = '', id = '', other = ''] }: { route: string[] }) {
  switch (page) {
    case '':
      return <SoaksPage />;
    case 'soaks':
      return id === '' ? <SoaksPage /> : <SoakPage soakId={id} />;
    case 'new':
      return <NewSoakPage presets={PRESETS} />;
    case 'compare':
      return <ComparePage left={id} right={other} />;
    case 'schedules':
      return <SchedulesPage />;
    case 'agents':
      return <AgentsPage />;
    default:
      return <p>There is no page “{page}”.</p>;
  }
}

/** The parts of the address behind `#/`: pages are found without asking the control plane. */
function useRoute(): string[] {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const take = () => setHash(location.hash);
    addEventListener('hashchange', take);
    return () => removeEventListener('hashchange', take);
  }, []);
  return hash.replace(/^#\/?/, '').split('/').map(decodeURIComponent);
}
