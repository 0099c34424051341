import { useFetched } from '../../../api/useFetched';
import { Link } from '../../../app/router';
import { CopyButton } from '../../../design/CopyButton';
import { decidingHit, pendingDiffers, type Flow, type Hit } from '../../flows/model/flow';
import { fetchTiers } from '../api/policies';
import { whyHref } from '../../why/state';
import { buildChain } from '../chain';
import { summarize } from '../summary';
import { directionOf, judgedEndpoint, qualified } from '../words';
import { DecidingRule } from './DecidingRule';
import { TierChain } from './TierChain';
import styles from './WhyTab.module.css';

/** The chain, and below it the rules at its end. */
export function WhyTab({ flow }: { readonly flow: Flow }) {
  const tiers = useFetched('tiers', flow.id, fetchTiers);
  const direction = directionOf(flow.reporter);
  const chain = buildChain(flow.trace, tiers.state === 'done' ? tiers.value : []);
  const enforced = decidingHit(flow.trace.enforced);
  const pending = decidingHit(flow.trace.pending);
  return (
    <div className={styles.why}>
      <div className={styles.intro}>
        <p>
          The {direction} policies of <b>{qualified(judgedEndpoint(flow))}</b>, tier by tier.
        </p>
        <CopyButton text={summarize(flow, chain)} label="Copy the explanation as text" />
      </div>
      {tiers.state === 'failed' && (
        <p className={styles.note} role="alert">
          The list of tiers cannot be loaded ({tiers.reason}), so only the tiers that decided are shown.
        </p>
      )}
      <TierChain chain={chain} direction={direction} />
      <p className={styles.note}>{pendingNote(flow, chain.some((link) => link.differs))}</p>
      <p className={styles.note}>
        <Link href={whyHref(flow, null)}>Judge it by the policies of now</Link> <Link href={whyHref(flow, flow.start)}>Other records of then</Link>
      </p>
      {enforced && <DecidingRule title={pendingDiffers(flow) ? 'Decides now' : 'What decided'} hit={enforced} direction={direction} version={flow.id} />}
      {pending && enforced && !samePlace(enforced, pending) && <DecidingRule title="Would decide" hit={pending} direction={direction} version={flow.id} />}
    </div>
  );
}

function pendingNote(flow: Flow, chainDiffers: boolean): string {
  if (pendingDiffers(flow)) {
    return `If the staged policies were enforced, this would be ${flow.pending === 'deny' ? 'denied' : 'allowed'}.`;
  }
  return chainDiffers
    ? 'Staged policies would take over the decision, and come to the same verdict.'
    : 'The pending verdict is the same: no staged policy changes anything here.';
}

function samePlace(a: Hit, b: Hit): boolean {
  return a.kind === b.kind && a.namespace === b.namespace && a.name === b.name && a.ruleIndex === b.ruleIndex;
}
