import { useRef, useState } from 'react';
import { usePolled } from '../../../api/usePolled';
import { Link, navigate } from '../../../app/router';
import { useShortcuts } from '../../../app/useShortcuts';
import { useTitle } from '../../../app/useTitle';
import { useUrlState } from '../../../app/useUrlState';
import { Badge, type Tone } from '../../../design/Badge';
import { Banner } from '../../../design/Banner';
import { Button } from '../../../design/Button';
import { classes } from '../../../design/classes';
import { Notice } from '../../../design/Notice';
import { PageFrame } from '../../../design/PageFrame';
import { SearchField } from '../../../design/SearchField';
import { formatAge } from '../../../format/time';
import { useNow } from '../../flows/hooks/useNow';
import tables from '../../traffic/tables.module.css';
import shared from '../agents.module.css';
import { agentHref, callsHref } from '../api';
import { Said } from '../Said';
import { fetchAgents, type Agent } from './api';

const PERIOD_MILLIS = 5_000;
export const RISK_TONES: Readonly<Record<Agent['risk'], Tone>> = { LOW: 'plain', MEDIUM: 'warn', HIGH: 'deny' };

const CODEC = {
  parse: (query: string) => ({ text: new URLSearchParams(query).get('q') ?? '' }),
  format: ({ text }: { readonly text: string }) => (text.trim() === '' ? '' : `?q=${encodeURIComponent(text)}`),
  isStep: () => false,
};

/** Who the agents are, who answers for them, and when they were used last. */
export function AgentsPage() {
  const { value, problem, reload } = usePolled(fetchAgents, PERIOD_MILLIS);
  const [{ text }, update] = useUrlState(CODEC);
  const [cursor, setCursor] = useState(-1);
  const search = useRef<HTMLInputElement>(null);
  const now = useNow(true);
  useTitle('Agents');
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = (value?.agents ?? []).filter((agent) => words.every((word) => haystack(agent).includes(word)));
  const move = (step: number) => setCursor(Math.max(0, Math.min(cursor + step, shown.length - 1)));
  useShortcuts({
    '/': () => search.current?.select(),
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    j: () => move(1),
    k: () => move(-1),
    Enter: () => shown[cursor] && navigate(agentHref(shown[cursor].name)),
    x: () => update({ text: '' }),
  });
  return (
    <PageFrame
      title="Agents"
      actions={<SearchField ref={search} label="Search in the agents" placeholder="Name, owner or team" value={text} onChange={(next) => update({ text: next })} onLeave={() => setCursor(0)} />}
    >
      {value && problem !== '' && <Banner icon="plug">These are from before: {problem}.</Banner>}
      {!value && (
        <Notice icon={problem === '' ? 'pending' : 'plug'} title={problem === '' ? 'Loading' : 'The agents cannot be loaded'} action={problem !== '' && <Button onClick={reload}>Try again</Button>}>
          {problem === '' ? 'The agents of the registry.' : `${problem}.`}
        </Notice>
      )}
      {value && shown.length === 0 && (
        <Notice icon="search" title={value.agents.length === 0 ? 'No agent is registered' : 'No agent matches'}>
          {value.agents.length === 0 ? 'An Agent object with an owner registers one; what is not registered is denied.' : `Nothing contains “${text}”.`}
        </Notice>
      )}
      {shown.length > 0 && (
        <div className={tables.frame} style={{ maxHeight: 'none' }} role="region" aria-label="Agents, table" tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">Agent</th>
                <th scope="col">Owner</th>
                <th scope="col">Team</th>
                <th scope="col">Purpose</th>
                <th scope="col">Risk</th>
                <th scope="col">Identity</th>
                <th scope="col">Last call</th>
                <th scope="col">State</th>
                <th scope="col">
                  <span className="visually-hidden">Calls</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {shown.map((agent, index) => (
                <tr key={agent.name} className={classes(index === cursor && shared.current)} aria-current={index === cursor || undefined}>
                  <td>
                    <Link className={tables.name} href={agentHref(agent.name)}>
                      {agent.name}
                    </Link>
                  </td>
                  <td>{agent.owner}</td>
                  <td>{agent.team}</td>
                  <td className={shared.wrapping}>{agent.purpose}</td>
                  <td>
                    <Badge tone={RISK_TONES[agent.risk]}>{agent.risk.toLowerCase()}</Badge>
                  </td>
                  <td className={shared.code}>{agent.workload}</td>
                  <td>
                    {agent.last_used === null ? (
                      <span className={tables.dim}>never</span>
                    ) : (
                      <>
                        {formatAge(Date.parse(agent.last_used), now)} {agent.last_verdict && <Said verdict={agent.last_verdict} />}
                      </>
                    )}
                  </td>
                  <td>
                    <AgentState agent={agent} />
                  </td>
                  <td>
                    <Link href={callsHref({ agent: agent.name })}>Calls</Link>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {value && value.refused.length > 0 && (
        <section className={shared.card} aria-label="Refused agents">
          <h2>Refused</h2>
          <ul>
            {value.refused.map((agent) => (
              <li key={agent.name}>
                <b>{agent.name}</b>: {agent.problems.join(' ')}
              </li>
            ))}
          </ul>
        </section>
      )}
    </PageFrame>
  );
}

export function AgentState({ agent }: { readonly agent: Agent }) {
  return (
    <>
      {agent.halt !== '' && (
        <Badge tone="deny" title={agent.halt_reason}>
          halted
        </Badge>
      )}
      {agent.problems.length > 0 && (
        <Badge tone="warn" title={agent.problems.join(' ')}>
          problem
        </Badge>
      )}
      {agent.halt === '' && agent.problems.length === 0 && <Badge>ready</Badge>}
    </>
  );
}

function haystack({ name, owner, team, purpose, workload, capabilities }: Agent): string {
  return [name, owner, team, purpose, workload, ...capabilities].join(' ').toLowerCase();
}
