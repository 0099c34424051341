import { useEffect, type ReactNode } from 'react';
import { missingShards, useMissingShards } from '../api/missingShards';
import { Banner } from '../design/Banner';
import { Button } from '../design/Button';
import { Notice } from '../design/Notice';
import { agentPageAt } from '../features/agents/AgentPages';
import { FlowsPage } from '../features/flows/components/FlowsPage';
import { GraphPage } from '../features/graph/components/GraphPage';
import { MigrationsPage } from '../features/migrations/MigrationsPage';
import { NodesPage } from '../features/nodes/components/NodesPage';
import { BoardPage } from '../features/policies/components/BoardPage';
import { PolicyPage } from '../features/policies/components/PolicyPage';
import { UnusedPage } from '../features/policies/unused/UnusedPage';
import { canSignIn, isAdmitted, type Session } from '../features/session/session';
import { SignInPage } from '../features/session/SignInPage';
import { SessionContext, useSessionState } from '../features/session/useSession';
import { useStatus } from '../features/status/useStatus';
import { ComparePage } from '../features/time/components/ComparePage';
import { EndpointPage } from '../features/traffic/EndpointPage';
import { NamespacePage } from '../features/traffic/NamespacePage';
import { NamespacesPage } from '../features/traffic/NamespacesPage';
import { WhyPage } from '../features/why/WhyPage';
import styles from './App.module.css';
import { AGENT_PAGES, FLOW_PAGES, type Page } from './pages';
import { Link, navigate, usePlace } from './router';
import { TopBar } from './TopBar';
import { useShortcuts } from './useShortcuts';

/** Asks who is there, and shows the pages or the way in. */
export function App() {
  const { state, adopt, ask } = useSessionState();
  switch (state.state) {
    case 'asking':
      return <div className={styles.app} aria-busy="true" />;
    case 'unreachable':
      return (
        <main>
          <Notice icon="plug" title="The console does not answer" action={<Button onClick={ask}>Try now</Button>}>
            {state.reason}. Start it again with <code>./margay demo</code> or <code>./margay up</code>; this page tries again by itself.
          </Notice>
        </main>
      );
    case 'known':
      return <Known session={state.session} onSession={adopt} />;
  }
}

/** Guests who may look can still choose to sign in. */
function Known({ session, onSession }: PagesProps) {
  const { path } = usePlace();
  const asked = path === '/sign-in' && !session.signed_in && canSignIn(session);
  return isAdmitted(session) && !asked ? <Pages session={session} onSession={onSession} /> : <SignInPage session={session} onSession={onSession} />;
}

interface PagesProps {
  readonly session: Session;
  readonly onSession: (session: Session) => void;
}

function Pages(props: PagesProps) {
  return props.session.serves === 'agents' ? <AgentPages {...props} /> : <FlowPages {...props} />;
}

/** The pages of a gateway of agents. */
function AgentPages({ session, onSession }: PagesProps) {
  const { path, query } = usePlace();
  useShortcuts(keysOf(AGENT_PAGES));
  return (
    <SessionContext value={session}>
      <div className={styles.app}>
        <TopBar pages={AGENT_PAGES} status={null} session={session} onSession={onSession} />
        {agentPageAt(path, query) ?? <NoPage path={path} home="The calls" />}
      </div>
    </SessionContext>
  );
}

function keysOf(pages: readonly Page[]) {
  return Object.fromEntries(pages.map((page) => [`g ${page.key}`, () => navigate(page.path)]));
}

function FlowPages({ session, onSession }: PagesProps) {
  const status = useStatus();
  const { path, query } = usePlace();
  useShortcuts(keysOf(FLOW_PAGES));
  useEffect(() => missingShards.forget(), [path]);
  return (
    <SessionContext value={session}>
      <div className={styles.app}>
        <div>
          <TopBar pages={FLOW_PAGES} status={status} session={session} onSession={onSession} />
          <MissingShards count={status.status?.tables.shards_missing ?? 0} />
        </div>
        {pageAt(path, query)}
      </div>
    </SessionContext>
  );
}

/**
 * Says when answers lack the part of a process that shares the flows.
 *
 * @param count of the server's status, which not every user sees; answers name whom they lack
 */
function MissingShards({ count }: { readonly count: number }) {
  const names = useMissingShards();
  const lacking = Math.max(count, names.length);
  if (lacking === 0) return null;
  const one = lacking === 1;
  return (
    <Banner icon="plug">
      {one ? 'One process that shares' : `${lacking} processes that share`} the flows of this cluster {one ? 'does' : 'do'} not answer
      {names.length > 0 && <> ({names.join(', ')})</>}: what the nodes of {one ? 'that one' : 'those'} saw is missing from this page. Look whether{' '}
      {one ? 'it runs' : 'they run'}; the log of this process says what happened.
    </Banner>
  );
}

/** Pages of one thing start anew for another one. */
function pageAt(path: string, query: string): ReactNode {
  switch (path) {
    case '/':
    case '/sign-in':
      return <FlowsPage key={path} />;
    case '/graph':
      return <GraphPage />;
    case '/why':
      return <WhyPage />;
    case '/policies':
      return <BoardPage />;
    case '/policies/unused':
      return <UnusedPage />;
    case '/policy':
      return <PolicyPage />;
    case '/compare':
      return <ComparePage />;
    case '/namespaces':
      return <NamespacesPage />;
    case '/namespace':
      return <NamespacePage key={query} />;
    case '/endpoint':
      return <EndpointPage key={query} />;
    case '/migrations':
      return <MigrationsPage />;
    case '/nodes':
      return <NodesPage />;
    default:
      return <NoPage path={path} home="The flows" />;
  }
}

function NoPage({ path, home }: { readonly path: string; readonly home: string }) {
  return (
    <main>
      <Notice icon="search" title="There is no such page">
        {path} leads nowhere. <Link href="/">{home}</Link> are a good place to begin.
      </Notice>
    </main>
  );
}
