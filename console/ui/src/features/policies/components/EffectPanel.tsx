import { plural } from '../../../format/text';
import { DiffView } from '../../verdict/components/DiffView';
import { ActionMark } from '../../verdict/components/VerdictMark';
import type { ActionName } from '../../flows/model/wire';
import type { Change, Preview, PreviewItem } from '../api';
import { AllTraffic } from './AllTraffic';
import { EffectLine } from './EffectLine';
import styles from './EffectPanel.module.css';

const SHOWN_ITEMS = 100;

interface EffectPanelProps {
  readonly preview: Preview;
  /** Without it the text before and after is not shown. */
  readonly diff?: boolean;
}

/** What a change does: to recorded flows, to all traffic, to the endpoints that the policy governs, and to its text. */
export function EffectPanel({ preview, diff = true }: EffectPanelProps) {
  const { flows, endpoints } = preview;
  const items = flows.items.slice(0, SHOWN_ITEMS);
  return (
    <div className={styles.effect}>
      <EffectLine preview={preview} />
      {items.length > 0 && (
        <div className={styles.frame} tabIndex={0} role="region" aria-label="Flows that would change">
          <table>
            <thead>
              <tr>
                <th scope="col">Flow</th>
                <th scope="col">Before</th>
                <th scope="col">After</th>
              </tr>
            </thead>
            <tbody>
              {items.map((item) => (
                <Row key={`${item.flow.id}`} item={item} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {flows.items.length > items.length && <p className={styles.note}>and {plural(flows.items.length - items.length, 'more flow')}</p>}
      <AllTraffic change={changeOf(preview)} />
      <Endpoints endpoints={endpoints} />
      {diff && preview.before_yaml !== '' && preview.before_yaml !== preview.after_yaml && (
        <>
          <h3 className={styles.title}>Text before and after</h3>
          <DiffView before={preview.before_yaml} after={preview.after_yaml} label="Change of the text" />
        </>
      )}
    </div>
  );
}

function changeOf({ policy, after_yaml: after }: Preview): Change {
  return after === '' ? { delete: policy } : { yaml: after };
}

function Row({ item: { flow, before, after, uncertain, reason } }: { readonly item: PreviewItem }) {
  return (
    <tr>
      <td>
        <span className={styles.flow}>
          {place(flow.source_namespace, flow.source_name)} <span className={styles.arrow}>→</span> {place(flow.dest_namespace, flow.dest_name)}
          <small>
            {flow.protocol}
            {flow.dest_port > 0 && `:${flow.dest_port}`} · {flow.reporter === 'Src' ? 'egress' : 'ingress'}
          </small>
        </span>
      </td>
      {uncertain ? (
        <td colSpan={2} className={styles.uncertain}>
          uncertain: {reason}
        </td>
      ) : (
        <>
          <td>{before && <ActionMark action={before as ActionName} />}</td>
          <td>{after && <ActionMark action={after as ActionName} />}</td>
        </>
      )}
    </tr>
  );
}

function place(namespace: string, name: string): string {
  return namespace === '-' || namespace === '' ? name.toLowerCase() : `${namespace}/${name}`;
}

function Endpoints({ endpoints: { before, after, gained, lost } }: { readonly endpoints: Preview['endpoints'] }) {
  return (
    <div className={styles.endpoints}>
      <p>
        Governs <b>{plural(after, 'endpoint')}</b>
        {before !== after && `, ${before} before`}.
      </p>
      {gained.length > 0 && <p className={styles.gained}>+ {listed(gained)}</p>}
      {lost.length > 0 && <p className={styles.lost}>− {listed(lost)}</p>}
    </div>
  );
}

const NAMES = 12;

function listed(names: readonly string[]): string {
  const shown = names.slice(0, NAMES).join(', ');
  return names.length > NAMES ? `${shown} and ${names.length - NAMES} more` : shown;
}
