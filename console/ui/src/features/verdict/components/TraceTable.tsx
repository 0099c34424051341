import type { Hit } from '../../flows/model/flow';
import { kindAbbreviation, kindLabel, qualified } from '../words';
import styles from './TraceTable.module.css';
import { ActionMark } from './VerdictMark';

interface TraceTableProps {
  readonly title: string;
  readonly hits: readonly Hit[];
}

/** Every step of a trace as the record has it. */
export function TraceTable({ title, hits }: TraceTableProps) {
  return (
    <section className={styles.trace}>
      <h3>{title}</h3>
      {hits.length === 0 ? (
        <p>No step was recorded.</p>
      ) : (
        <div className={styles.frame}>
          <table>
            <thead>
              <tr>
                <th scope="col">#</th>
                <th scope="col">Action</th>
                <th scope="col">Tier</th>
                <th scope="col">Kind</th>
                <th scope="col">Namespace</th>
                <th scope="col">Policy</th>
                <th scope="col">Rule</th>
                <th scope="col">Triggered by</th>
              </tr>
            </thead>
            <tbody>
              {hits.map((hit, index) => (
                <tr key={index}>
                  <td>{index}</td>
                  <td>
                    <ActionMark action={hit.action} />
                  </td>
                  <td>{hit.tier || '–'}</td>
                  <td>
                    <abbr title={kindLabel(hit.kind)}>{kindAbbreviation(hit.kind)}</abbr>
                  </td>
                  <td>{hit.namespace || '–'}</td>
                  <td>{hit.name || '–'}</td>
                  <td>{hit.ruleIndex}</td>
                  <td>{hit.trigger ? qualified(hit.trigger) : '–'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
