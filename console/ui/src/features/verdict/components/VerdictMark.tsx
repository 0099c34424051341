import { classes } from '../../../design/classes';
import { Icon, type IconName } from '../../../design/Icon';
import type { Verdict } from '../../flows/model/flow';
import type { ActionName } from '../../flows/model/wire';
import styles from './VerdictMark.module.css';

const WORDS: Readonly<Record<Verdict, string>> = { allow: 'Allowed', deny: 'Denied', pass: 'Passed' };
const ACTIONS: Readonly<Record<ActionName, { readonly icon: IconName; readonly tone: Verdict }>> = {
  Allow: { icon: 'allow', tone: 'allow' },
  Deny: { icon: 'deny', tone: 'deny' },
  Pass: { icon: 'pass', tone: 'pass' },
  Log: { icon: 'search', tone: 'pass' },
};

/** A verdict by shape, word and colour. */
export function VerdictMark({ verdict, large }: { readonly verdict: Verdict; readonly large?: boolean }) {
  return (
    <span className={classes(styles.mark, styles[verdict], large && styles.large)}>
      <Icon name={verdict} size={large ? 18 : 13} />
      {WORDS[verdict]}
    </span>
  );
}

/** That staged policies would turn the verdict, and to what. */
export function PendingMark({ pending }: { readonly pending: Verdict }) {
  return (
    <span className={styles.pending} title={`Staged policies would change the verdict: ${WORDS[pending].toLowerCase()}`}>
      <Icon name="pending" size={11} />
      <span className="visually-hidden">pending: </span>
      {pending}
    </span>
  );
}

/** The action of one step. */
export function ActionMark({ action }: { readonly action: ActionName }) {
  const { icon, tone } = ACTIONS[action];
  return (
    <span className={classes(styles.action, styles[tone])}>
      <Icon name={icon} size={12} />
      {action}
    </span>
  );
}
