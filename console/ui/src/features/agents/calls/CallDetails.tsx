import { Link } from '../../../app/router';
import { formatClock, formatFullTime } from '../../../format/time';
import { agentHref, agentPolicyHref, targetText, type Call } from '../api';
import { Fact, Facts } from '../Facts';
import { Said } from '../Said';
import { eventText } from '../words';
import shared from '../agents.module.css';
import styles from './CallTable.module.css';

/** Everything that the record of a call says: who, for whom, why, and what happened next. */
export function CallDetails({ call }: { readonly call: Call }) {
  return (
    <>
      <Facts>
        <Fact label="verdict">
          <Said verdict={call.verdict} pending={call.pending} />
        </Fact>
        {!call.policies_hidden && <Fact label="reason">{call.reason}</Fact>}
        <Fact label="policies">{call.policies_hidden ? <span className={shared.dim}>you may not see policies</span> : <Policies names={call.policies} />}</Fact>
        {call.tier !== '' && <Fact label="tier">{call.tier}</Fact>}
        {call.pending_policies.join() !== call.policies.join() && (
          <Fact label="staged would say">
            <Policies names={call.pending_policies} />
          </Fact>
        )}
        <Fact label="on behalf of">{call.user.subject === '' ? 'nobody' : `${call.user.subject} (${call.user.issuer})`}</Fact>
        <Fact label="agent">
          <Link href={agentHref(call.agent)}>{call.agent}</Link>
          {call.owner !== '' && `, answered for by ${call.owner}`}
        </Fact>
        <Fact label="identity">
          <span className={shared.code}>{call.workload}</span>
        </Fact>
        <Fact label="chain">{call.chain.join(' → ')}</Fact>
        <Fact label="call">
          {call.protocol} {call.action} of {targetText(call.target)}
        </Fact>
        <Fact label="arguments">
          <span className={shared.code}>{call.payload === '' ? 'none' : call.payload}</span>
        </Fact>
        <Fact label="record">
          {call.sequence}, {formatFullTime(Date.parse(call.time))}
        </Fact>
        <Fact label="policy set">
          <span className={shared.code}>{call.policy_set.slice(0, 16)}</span>
        </Fact>
      </Facts>
      {call.errors.length > 0 && (
        <>
          <h3>Could not be evaluated</h3>
          <ul className={styles.reads}>
            {call.errors.map((error) => (
              <li key={error}>{error}</li>
            ))}
          </ul>
        </>
      )}
      {call.reads.length > 0 && (
        <>
          <h3>Attributes that the policies looked at</h3>
          <ul className={styles.reads}>
            {call.reads.map((read) => (
              <li key={read} className={shared.code}>
                {read}
              </li>
            ))}
          </ul>
        </>
      )}
      <h3>What happened next</h3>
      {call.events.length === 0 ? (
        <p className={shared.dim}>{call.verdict === 'DENY' ? 'The call was not made.' : 'Nothing is recorded yet.'}</p>
      ) : (
        <ul className={styles.happened}>
          {call.events.map((event) => (
            <li key={event.sequence}>
              {formatClock(Date.parse(event.time))} {eventText(event)} <span className={shared.dim}>record {event.sequence}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Policies({ names }: { readonly names: readonly string[] }) {
  if (names.length === 0) return <>none</>;
  return names.map((name, index) => (
    <span key={name}>
      {index > 0 && ', '}
      <Link href={agentPolicyHref(name)}>{name}</Link>
    </span>
  ));
}
