import { useState } from 'react';
import { usePolled } from '../../../api/usePolled';
import { Link } from '../../../app/router';
import { useShortcuts } from '../../../app/useShortcuts';
import { useTitle } from '../../../app/useTitle';
import { Badge } from '../../../design/Badge';
import { Button } from '../../../design/Button';
import { Notice } from '../../../design/Notice';
import { PageFrame } from '../../../design/PageFrame';
import { formatAge, formatFullTime } from '../../../format/time';
import { useNow } from '../../flows/hooks/useNow';
import tables from '../../traffic/tables.module.css';
import shared from '../agents.module.css';
import { agentHref } from '../api';
import { DecideDialog } from '../approvals/DecideDialog';
import { fetchHalts, lift, type Halt } from './api';
import { HaltDialog } from './HaltDialog';

const PERIOD_MILLIS = 2_000;

/** Who is halted, why and until when; halts and lifts with a reason. */
export function HaltsPage() {
  const { value, problem, reload } = usePolled(fetchHalts, PERIOD_MILLIS);
  const [halting, setHalting] = useState(false);
  const [lifting, setLifting] = useState<Halt | null>(null);
  const now = useNow(true);
  useTitle('Halts');
  useShortcuts({ n: () => value?.may_halt && setHalting(true) });
  const done = () => {
    setHalting(false);
    setLifting(null);
    reload();
  };
  return (
    <PageFrame
      title="Halts"
      actions={
        value?.may_halt && (
          <Button danger icon="deny" title="Halt (n)" onClick={() => setHalting(true)}>
            Halt …
          </Button>
        )
      }
    >
      {!value && (
        <Notice icon={problem === '' ? 'pending' : 'plug'} title={problem === '' ? 'Loading' : 'Halts cannot be loaded'}>
          {problem === '' ? 'Who is halted.' : `${problem}.`}
        </Notice>
      )}
      {value && value.halts.length === 0 && (
        <Notice icon="done" title="No agent is halted">
          A halt denies all calls of an agent and on its behalf, and cuts off those that are open.
        </Notice>
      )}
      {value && value.halts.length > 0 && (
        <div className={tables.frame} role="region" aria-label="Halts, table" tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">Whom</th>
                <th scope="col">Reason</th>
                <th scope="col">Since</th>
                <th scope="col">Until</th>
                <th scope="col">State</th>
                <th scope="col">
                  <span className="visually-hidden">Lift</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {value.halts.map((halt) => (
                <tr key={halt.name} data-halt={halt.name}>
                  <td className={shared.wrapping}>
                    {halt.agent === '' ? (
                      <>
                        <code className={shared.code}>{halt.selector}</code>: {halt.agents.join(', ') || 'nobody now'}
                      </>
                    ) : (
                      <Link href={agentHref(halt.agent)}>{halt.agent}</Link>
                    )}
                  </td>
                  <td className={shared.wrapping}>{halt.reason}</td>
                  <td>{halt.since === null ? '–' : formatAge(Date.parse(halt.since), now)}</td>
                  <td>{halt.until === null ? 'it is lifted' : formatFullTime(Date.parse(halt.until))}</td>
                  <td>{halt.holds ? <Badge tone="deny">halted</Badge> : <Badge>over</Badge>}</td>
                  <td>{value.may_lift && <Button onClick={() => setLifting(halt)}>Lift …</Button>}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {halting && <HaltDialog agent={null} onDone={done} onClose={() => setHalting(false)} />}
      {lifting && (
        <DecideDialog
          title="Lift this halt?"
          verb="Lift"
          needsReason
          onDecide={(reason) => lift(lifting.name, reason)}
          onDone={done}
          onClose={() => setLifting(null)}
        >
          <p>
            {lifting.agent === '' ? lifting.agents.join(', ') : lifting.agent} was halted because: {lifting.reason}.
          </p>
        </DecideDialog>
      )}
    </PageFrame>
  );
}
