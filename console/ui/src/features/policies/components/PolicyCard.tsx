import { policyHref } from '../../../app/pages';
import { Link } from '../../../app/router';
import { classes } from '../../../design/classes';
import { formatCompact } from '../../../format/text';
import { formatAge, formatFullTime } from '../../../format/time';
import { kindAbbreviation, kindLabel } from '../../verdict/words';
import type { Activity, BoardPolicy } from '../api';
import { keyOf } from '../model/board';
import styles from './PolicyCard.module.css';

interface PolicyCardProps {
  readonly policy: BoardPolicy;
  readonly current: boolean;
  readonly now: number;
  readonly onFocus: () => void;
  readonly onDragStart: () => void;
  readonly onDragEnd: () => void;
  /** Something is dragged to the place before this card. */
  readonly onDragOver: ((above: boolean) => void) | undefined;
}

/** A policy on the board: what it is, what it did, and when it was last used. */
export function PolicyCard({ policy, current, now, onFocus, onDragStart, onDragEnd, onDragOver }: PolicyCardProps) {
  const key = keyOf(policy);
  return (
    <li
      className={classes(styles.card, policy.staged && styles.staged, current && styles.current)}
      data-policy={key}
      draggable={policy.editable}
      onDragStart={onDragStart}
      onDragEnd={onDragEnd}
      onDragOver={(event) => {
        if (!onDragOver) return;
        event.preventDefault();
        const box = event.currentTarget.getBoundingClientRect();
        onDragOver(event.clientY < box.top + box.height / 2);
      }}
    >
      <Link className={styles.link} href={policyHref(key)} id={cardId(key)} tabIndex={current ? 0 : -1} draggable={false} onFocus={onFocus}>
        <span className={styles.head}>
          <span className={styles.kind} title={kindLabel(policy.kind)}>
            {kindAbbreviation(policy.kind)}
          </span>
          {policy.staged && <span className={styles.mark}>staged</span>}
          <span className={styles.order} title="Order within the tier">
            {policy.order ?? 'last'}
          </span>
        </span>
        <span className={styles.name}>
          {policy.namespace && <small>{policy.namespace}/</small>}
          {policy.name}
        </span>
        <Counts activity={policy.activity} staged={policy.staged} />
        <span className={styles.foot}>
          <span>
            {rules(policy.ingress_rules, 'in')} · {rules(policy.egress_rules, 'out')}
          </span>
          <LastUse activity={policy.activity} now={now} />
        </span>
      </Link>
    </li>
  );
}

export function cardId(key: string): string {
  return `card-${key}`;
}

function rules(count: number, direction: string): string {
  return `${count} ${direction}`;
}

function Counts({ activity: { allowed, denied, passed }, staged }: { readonly activity: Activity; readonly staged: boolean }) {
  const total = Math.max(1, allowed + denied + passed);
  return (
    <span className={styles.counts} title={`${staged ? 'Would have: ' : ''}${allowed} allowed, ${denied} denied, ${passed} passed on`}>
      <span className={styles.bar} aria-hidden="true">
        <i className={styles.allow} style={{ width: `${(allowed / total) * 100}%` }} />
        <i className={styles.deny} style={{ width: `${(denied / total) * 100}%` }} />
        <i className={styles.pass} style={{ width: `${(passed / total) * 100}%` }} />
      </span>
      <span className={styles.numbers}>
        <span className={classes(allowed > 0 && styles.allowText)}>{formatCompact(allowed)} allow</span>
        <span className={classes(denied > 0 && styles.denyText)}>{formatCompact(denied)} deny</span>
        <span>{formatCompact(passed)} pass</span>
      </span>
    </span>
  );
}

function LastUse({ activity, now }: { readonly activity: Activity; readonly now: number }) {
  if (activity.last_used === null) return <span className={styles.unused}>not used</span>;
  const time = Date.parse(activity.last_used);
  return <span title={formatFullTime(time)}>used {formatAge(time, now)}</span>;
}
