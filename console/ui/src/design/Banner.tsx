import type { ReactNode } from 'react';
import styles from './Banner.module.css';
import { Icon, type IconName } from './Icon';

interface BannerProps {
  readonly icon: IconName;
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

/** A line across the page about something that needs to be known, and what can be done. */
export function Banner({ icon, action, children }: BannerProps) {
  return (
    <div className={styles.banner} role="alert">
      <Icon name={icon} />
      <span>{children}</span>
      {action}
    </div>
  );
}
