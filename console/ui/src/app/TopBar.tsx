import { useState } from 'react';
import { Button } from '../design/Button';
import type { IconName } from '../design/Icon';
import { Popover } from '../design/Popover';
import { canSignIn, mayEdit, signOut, type Session } from '../features/session/session';
import { StatusLine } from '../features/status/StatusLine';
import type { StatusState } from '../features/status/useStatus';
import { HelpDialog } from './HelpDialog';
import { pageOf, type Page } from './pages';
import { Link, usePlace } from './router';
import { applyTheme, nextTheme, savedTheme, type Theme } from './theme';
import styles from './TopBar.module.css';
import { useShortcuts } from './useShortcuts';

const THEME_ICONS: Readonly<Record<Theme, IconName>> = { auto: 'auto', light: 'sun', dark: 'moon' };

interface TopBarProps {
  readonly pages: readonly Page[];
  /** Of the flows process; null where there is none. */
  readonly status: StatusState | null;
  readonly session: Session;
  readonly onSession: (session: Session) => void;
}

export function TopBar({ pages, status, session, onSession }: TopBarProps) {
  const [theme, setTheme] = useState(savedTheme);
  const [help, setHelp] = useState(false);
  const { path } = usePlace();
  useShortcuts({ '?': () => setHelp(true) });
  const changeTheme = () => {
    const next = nextTheme(theme);
    applyTheme(next);
    setTheme(next);
  };
  return (
    <header className={styles.bar}>
      <Link className={styles.brand} href="/">
        <img src="/margay.svg" alt="" width="22" height="22" />
        Margay
      </Link>
      <nav className={styles.pages} aria-label="Pages">
        {pages.filter((page) => page.within === undefined).map((page) => (
          <Link key={page.path} href={page.path} title={`g ${page.key}`} aria-current={pageOf(path) === page.path ? 'page' : undefined}>
            {page.label}
          </Link>
        ))}
      </nav>
      <div className={styles.end}>
        {status && <StatusLine status={status} />}
        <Button quiet icon={THEME_ICONS[theme]} aria-label={`Theme: ${theme}`} onClick={changeTheme} />
        <Button quiet icon="help" aria-label="Keyboard and help (?)" onClick={() => setHelp(true)} />
        {session.signed_in && <UserMenu session={session} onSession={onSession} />}
        {!session.signed_in && canSignIn(session) && (
          <Link className={styles.signIn} href="/sign-in">
            Sign in
          </Link>
        )}
      </div>
      {help && <HelpDialog pages={pages} agents={session.serves === 'agents'} path={pages.some((page) => page.path === path) ? path : pageOf(path)} onClose={() => setHelp(false)} />}
    </header>
  );
}

interface UserMenuProps {
  readonly session: Session;
  readonly onSession: (session: Session) => void;
}

function UserMenu({ session, onSession }: UserMenuProps) {
  const leave = () => {
    signOut().then(onSession, () => location.reload());
  };
  const permissions = session.permissions;
  return (
    <Popover label="" name={`Signed in as ${session.user}`} icon="user" quiet kind="dialog" width={240} edge="end">
      {() => (
        <div className={styles.user}>
          <p>
            <b>{session.user}</b>
          </p>
          <p>{mayEdit(session) ? 'May look at and change policies.' : 'May look, but not change policies.'}</p>
          {session.serves === 'flows' && permissions && !permissions.all_namespaces && <p>Sees the flows of {permissions.namespaces.join(', ') || 'no namespace'}.</p>}
          <Button icon="out" onClick={leave}>
            Sign out
          </Button>
        </div>
      )}
    </Popover>
  );
}
