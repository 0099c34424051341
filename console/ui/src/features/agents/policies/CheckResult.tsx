import { plural } from '../../../format/text';
import { formatDayTime } from '../../../format/time';
import editor from '../../policies/components/PolicyEditor.module.css';
import effect from '../../policies/components/EffectPanel.module.css';
import { Link } from '../../../app/router';
import shared from '../agents.module.css';
import { targetText, traceHref } from '../api';
import { Said } from '../Said';
import type { PolicyCheck } from './api';

/** What is wrong with a policy, or every recorded verdict that it would change. */
export function CheckResult({ check }: { readonly check: PolicyCheck }) {
  if (!check.valid) {
    return (
      <>
        <h2 className={editor.invalid}>{check.problems.length === 1 ? 'One thing is wrong' : `${check.problems.length} things are wrong`}</h2>
        <ul className={editor.problems}>
          {check.problems.map((problem, index) => (
            <li key={index}>
              <code>{problem.field}</code>
              <span>
                {problem.value !== '' && <q>{problem.value}</q>} {problem.reason}
                {problem.fix !== '' && <b> {problem.fix}</b>}
              </span>
            </li>
          ))}
        </ul>
      </>
    );
  }
  return (
    <>
      <h2 className={editor.valid}>
        {check.changed === 0 ? 'No recorded verdict would change' : `${plural(check.changed, 'recorded verdict')} would change`}
      </h2>
      <p className={editor.note}>
        Tried on the newest {plural(check.considered, 'recorded call')}, as if it were enforced.
        {check.uncertain > 0 && ` ${plural(check.uncertain, 'call')} cannot be told: ${check.uncertain === 1 ? 'its verdict hangs' : 'their verdicts hang'} on arguments, groups or sessions, which are not recorded.`}
      </p>
      {check.changes.length > 0 && (
        <div className={effect.frame} role="region" aria-label="Verdicts that would change" tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">Time</th>
                <th scope="col">Call</th>
                <th scope="col">Was</th>
                <th scope="col">Would be</th>
              </tr>
            </thead>
            <tbody>
              {check.changes.map(({ call, after }) => (
                <tr key={call.sequence}>
                  <td>{formatDayTime(Date.parse(call.time))}</td>
                  <td>
                    <Link className={shared.link} href={traceHref(call)}>
                      {call.agent} → {targetText(call.target)}
                    </Link>
                  </td>
                  <td>
                    <Said verdict={call.verdict} />
                  </td>
                  <td>
                    <Said verdict={after} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}
