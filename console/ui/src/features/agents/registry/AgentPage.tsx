import { useState } from 'react';
import { useFetched } from '../../../api/useFetched';
import { Link, navigate, usePlace } from '../../../app/router';
import { useShortcuts } from '../../../app/useShortcuts';
import { useTitle } from '../../../app/useTitle';
import { Badge } from '../../../design/Badge';
import { Button } from '../../../design/Button';
import { Notice } from '../../../design/Notice';
import { PageFrame } from '../../../design/PageFrame';
import { formatClock } from '../../../format/time';
import pages from '../../traffic/pages.module.css';
import tables from '../../traffic/tables.module.css';
import shared from '../agents.module.css';
import { callsHref, targetText, traceHref, type Call } from '../api';
import { Fact, Facts } from '../Facts';
import { HaltDialog } from '../halts/HaltDialog';
import { Said } from '../Said';
import { outcomeOf } from '../words';
import { AgentState, RISK_TONES } from './AgentsPage';
import { fetchAgent, type AgentDetails } from './api';

/** One agent: who it is, who answers for it, what it may call, and what it did. */
export function AgentPage() {
  const name = new URLSearchParams(usePlace().query).get('name') ?? '';
  const [version, setVersion] = useState(0);
  const [halting, setHalting] = useState(false);
  const fetched = useFetched(name, String(version), (signal) => fetchAgent(name, signal));
  const agent = fetched.state === 'done' ? fetched.value : null;
  useTitle(name);
  useShortcuts({ Escape: () => navigate('/agents'), h: () => agent?.halt === '' && setHalting(true) });
  return (
    <PageFrame
      parent={{ href: '/agents', label: 'Agents' }}
      title={name}
      marks={
        agent && (
          <>
            <Badge tone={RISK_TONES[agent.risk]}>{agent.risk.toLowerCase()} risk</Badge>
            <AgentState agent={agent} />
          </>
        )
      }
      actions={
        agent && (
          <>
            <Button onClick={() => navigate(callsHref({ agent: name }))}>Calls</Button>
            {agent.halt === '' ? (
              <Button danger icon="deny" title="Halt (h)" onClick={() => setHalting(true)}>
                Halt …
              </Button>
            ) : (
              <Button onClick={() => navigate('/halts')}>To its halt</Button>
            )}
          </>
        )
      }
    >
      {fetched.state === 'loading' && <Notice icon="pending" title="Loading the agent">Its rights are evaluated, and its calls looked up.</Notice>}
      {fetched.state === 'failed' && (
        <Notice icon="search" title="This agent cannot be shown" action={<Button onClick={() => setVersion(version + 1)}>Try again</Button>}>
          {fetched.reason}.
        </Notice>
      )}
      {agent && <Details agent={agent} />}
      {halting && (
        <HaltDialog
          agent={name}
          onDone={() => {
            setHalting(false);
            setVersion(version + 1);
          }}
          onClose={() => setHalting(false)}
        />
      )}
    </PageFrame>
  );
}

function Details({ agent }: { readonly agent: AgentDetails }) {
  return (
    <div className={pages.columns}>
      <div>
        <Rights agent={agent} />
        <Recent calls={agent.recent} />
      </div>
      <aside className={shared.card} aria-label="Who it is">
        <Facts>
          <Fact label="owner">{agent.owner}</Fact>
          <Fact label="team">{agent.team || '–'}</Fact>
          <Fact label="purpose">{agent.purpose || '–'}</Fact>
          <Fact label="environment">{agent.environment || '–'}</Fact>
          <Fact label="version">{agent.version || '–'}</Fact>
          <Fact label="capabilities">{agent.capabilities.join(', ') || '–'}</Fact>
          <Fact label="identity">
            <span className={shared.code}>{agent.workload}</span>
          </Fact>
          {agent.a2a !== '' && (
            <Fact label="A2A">
              <span className={shared.code}>{agent.a2a}</span>
            </Fact>
          )}
          {agent.halt !== '' && (
            <Fact label="halted">
              by {agent.halt}: {agent.halt_reason}
            </Fact>
          )}
          {agent.problems.length > 0 && <Fact label="problems">{agent.problems.join(' ')}</Fact>}
        </Facts>
      </aside>
    </div>
  );
}

function Rights({ agent }: { readonly agent: AgentDetails }) {
  const user = agent.rights_user;
  const byGroup = agent.rights_groups.length > 0;
  return (
    <section className={tables.section} aria-label="Rights">
      <h2>
        May call <small>{agent.rights.length > 0 && agent.rights.length}</small>
      </h2>
      <p className={shared.dim}>
        By the policies in force, with some arguments at least; a call can still be denied.
        {user !== '' && ` “For a user” is asked for ${user}, the user of its newest call, without groups.`}
        {byGroup && ` “For users in” names the groups that policies ask for: ${agent.rights_groups.join(', ')}.`}
      </p>
      {agent.rights.length === 0 ? (
        <p className={tables.empty}>No policy permits it to call anything{agent.halt === '' ? '' : ', since it is halted'}.</p>
      ) : (
        <div className={tables.frame} role="region" aria-label="Rights, table" tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">Action</th>
                <th scope="col">Target</th>
                <th scope="col">By itself</th>
                <th scope="col">For a user</th>
                {byGroup && <th scope="col">For users in</th>}
              </tr>
            </thead>
            <tbody>
              {agent.rights.map((right) => (
                <tr key={`${right.action} ${right.server}/${right.name}`}>
                  <td>{right.action}</td>
                  <td>{targetText(right)}</td>
                  <td>{right.alone ? 'yes' : 'no'}</td>
                  <td>{user === '' ? '–' : right.on_behalf ? 'yes' : 'no'}</td>
                  {byGroup && <td>{right.groups.length > 0 ? right.groups.join(', ') : 'none of them'}</td>}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Recent({ calls }: { readonly calls: readonly Call[] }) {
  return (
    <section className={tables.section} aria-label="Newest calls">
      <h2>
        Newest calls <small>{calls.length > 0 && calls.length}</small>
      </h2>
      {calls.length === 0 ? (
        <p className={tables.empty}>It has not called anything, as far as the audit log reaches.</p>
      ) : (
        <div className={tables.frame} role="region" aria-label="Newest calls, table" tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">Time</th>
                <th scope="col">Caller</th>
                <th scope="col">Call</th>
                <th scope="col">Verdict</th>
                <th scope="col">Outcome</th>
                <th scope="col">
                  <span className="visually-hidden">Trace</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {calls.map((call) => (
                <tr key={call.sequence}>
                  <td>{formatClock(Date.parse(call.time))}</td>
                  <td>{call.agent}</td>
                  <td>
                    {call.action} {targetText(call.target)}
                  </td>
                  <td>
                    <Said verdict={call.verdict} pending={call.pending} />
                  </td>
                  <td>{outcomeOf(call)}</td>
                  <td>
                    <Link href={traceHref(call)}>Trace</Link>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
