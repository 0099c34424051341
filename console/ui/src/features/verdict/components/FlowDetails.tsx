import type { ReactNode } from 'react';
import { formatBytes, formatCount } from '../../../format/text';
import { formatFullTime } from '../../../format/time';
import type { Flow } from '../../flows/model/flow';
import { qualified } from '../words';
import styles from './FlowDetails.module.css';
import { TraceTable } from './TraceTable';

/** Everything else that the record says. */
export function FlowDetails({ flow }: { readonly flow: Flow }) {
  const { wire } = flow;
  return (
    <div className={styles.frame}>
      <TraceTable title="Enforced" hits={flow.trace.enforced} />
      <TraceTable title="Pending, with staged policies" hits={flow.trace.pending} />
      <dl className={styles.details}>
        <Detail label="From">{formatFullTime(flow.start)}</Detail>
        <Detail label="To">{formatFullTime(flow.end)}</Detail>
        <Detail label="Connections">
          {formatCount(wire.connections_started)} started, {formatCount(wire.connections_completed)} completed, {formatCount(wire.connections_live)} open
        </Detail>
        <Detail label="To the destination">
          {formatCount(wire.packets_in)} packets, {formatBytes(wire.bytes_in)}
        </Detail>
        <Detail label="Back">
          {formatCount(wire.packets_out)} packets, {formatBytes(wire.bytes_out)}
        </Detail>
        <Detail label="Source">{typeLabel(wire.source_type)}</Detail>
        <Detail label="Source labels">
          <Labels text={wire.source_labels} />
        </Detail>
        <Detail label="Destination">{typeLabel(wire.dest_type)}</Detail>
        <Detail label="Destination labels">
          <Labels text={wire.dest_labels} />
        </Detail>
        <Detail label="Service">{wire.dest_service ? `${flow.service}, port ${wire.dest_service.port} ${wire.dest_service.port_name}` : 'none: addressed directly'}</Detail>
        <Detail label="Logged by">
          {wire.logs.length === 0 ? 'no Log rule' : wire.logs.map((hit) => `${qualified(hit)} rule ${hit.rule_index}`).join(', ')}
        </Detail>
      </dl>
    </div>
  );
}

function Detail({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Labels({ text }: { readonly text: string }) {
  const labels = text.split(' | ').filter(Boolean);
  if (labels.length === 0) return 'none';
  return (
    <ul className={styles.labels}>
      {labels.map((label) => (
        <li key={label}>
          <code>{label}</code>
        </li>
      ))}
    </ul>
  );
}

/** WorkloadEndpoint → workload endpoint */
function typeLabel(type: string): string {
  return type.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
}
