import { plural } from '../../format/text';
import effects from '../policies/components/EffectPanel.module.css';
import { actionAfter, TrafficTable } from '../policies/components/TrafficTable';
import { ActionMark } from '../verdict/components/VerdictMark';
import { EFFECT_HOURS, type Effect, type TurnedConversations } from './api';

/** What else a proposal would turn: who spoke lately, and who could. */
export function FixEffect({ effect: { flows, endpoints, truncated } }: { readonly effect: Effect }) {
  return (
    <section className={effects.effect} aria-label="What else it would turn">
      <h3 className={effects.title}>What else it would turn</h3>
      {flows && <Conversations flows={flows} truncated={truncated} />}
      {endpoints && <TrafficTable traffic={endpoints} />}
    </section>
  );
}

function Conversations({ flows, truncated }: { readonly flows: TurnedConversations; readonly truncated: boolean }) {
  return (
    <>
      <p className={effects.note}>
        Of the last {EFFECT_HOURS} hours{truncated && ', as far as its newest flows tell'}: {plural(flows.denied_to_allowed, 'conversation')} newly allowed,{' '}
        {flows.allowed_to_denied} newly denied, {flows.unknown} unknown, of {flows.conversations}.
      </p>
      {flows.items.length > 0 && (
        <div className={effects.frame} tabIndex={0} role="region" aria-label="Conversations that would change">
          <table>
            <thead>
              <tr>
                <th scope="col">From</th>
                <th scope="col">To</th>
                <th scope="col">Traffic</th>
                <th scope="col">Connections</th>
                <th scope="col">After</th>
              </tr>
            </thead>
            <tbody>
              {flows.items.map(({ change, source, dest, protocol, port, connections, missing }) => (
                <tr key={`${source} ${dest} ${protocol} ${port}`}>
                  <td>{source}</td>
                  <td>{dest}</td>
                  <td>
                    {protocol}
                    {port > 0 && `/${port}`}
                  </td>
                  <td>{connections}</td>
                  <td>{change === 'unknown' ? <span className={effects.uncertain}>depends on {missing}</span> : <ActionMark action={actionAfter(change)} />}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}
