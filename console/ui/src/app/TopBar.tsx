import { useState } from 'react';
import { Button } from '../design/Button';
import type { IconName } from '../design/Icon';
import type { StatusState } from '../features/status/useStatus';
import { StatusLine } from '../features/status/StatusLine';
import { HelpDialog } from './HelpDialog';
import { applyTheme, nextTheme, savedTheme, type Theme } from './theme';
import styles from './TopBar.module.css';
import { useShortcuts } from './useShortcuts';

const THEME_ICONS: Readonly<Record<Theme, IconName>> = { auto: 'auto', light: 'sun', dark: 'moon' };

export function TopBar({ status }: { readonly status: StatusState }) {
  const [theme, setTheme] = useState(savedTheme);
  const [help, setHelp] = useState(false);
  useShortcuts({ '?': () => setHelp(true) });
  const changeTheme = () => {
    const next = nextTheme(theme);
    applyTheme(next);
    setTheme(next);
  };
  return (
    <header className={styles.bar}>
      <a className={styles.brand} href="/">
        <img src="/margay.svg" alt="" width="22" height="22" />
        Margay
      </a>
      <h1 className={styles.page}>Flows</h1>
      <div className={styles.end}>
        <StatusLine status={status} />
        <Button quiet icon={THEME_ICONS[theme]} aria-label={`Theme: ${theme}`} onClick={changeTheme} />
        <Button quiet icon="help" aria-label="Keyboard and help" onClick={() => setHelp(true)} />
      </div>
      {help && <HelpDialog onClose={() => setHelp(false)} />}
    </header>
  );
}
