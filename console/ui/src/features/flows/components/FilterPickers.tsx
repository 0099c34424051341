import { Choice } from '../../../design/Choice';
import { Picker } from '../../../design/Picker';
import { Segmented } from '../../../design/Segmented';
import { toggled, type Filters } from '../filters/filters';
import { countedOptions, describePeer, describePolicy, peerOptions, policyOptions, policyParts } from '../filters/options';
import { parsePort, portText } from '../filters/ports';
import type { Tally } from '../store/Tally';
import { PolicyGroup } from './PolicyGroup';

interface FilterPickersProps {
  readonly filters: Filters;
  /** What the choices and their counts come from. */
  readonly tally: Tally;
  readonly onFilters: (patch: Partial<Filters>) => void;
}

const VERDICTS = [
  { value: 'any', label: 'All' },
  { value: 'allow', label: 'Allowed' },
  { value: 'deny', label: 'Denied' },
] as const;

const PENDING = [
  { value: 'any', label: 'Any staged verdict' },
  { value: 'differs', label: 'Staged would differ' },
  { value: 'allow', label: 'Staged: allowed' },
  { value: 'deny', label: 'Staged: denied' },
] as const;

const REPORTERS = [
  { value: 'any', label: 'Both reporters' },
  { value: 'src', label: 'Egress (source)' },
  { value: 'dst', label: 'Ingress (destination)' },
] as const;

/** The fields that flows can be filtered by; the graph and the comparison offer the same. */
export function FilterPickers({ filters, tally, onFilters }: FilterPickersProps) {
  const plain = (value: string) => ({ value, label: value });
  return (
    <>
      <Segmented label="Verdict" options={VERDICTS} value={filters.verdict === 'pass' ? 'any' : filters.verdict} onChange={(verdict) => onFilters({ verdict })} />
      <Choice label="Staged verdict" options={PENDING} value={filters.pending} neutral="any" onChange={(pending) => onFilters({ pending })} />
      <Picker
        label="Namespace"
        options={() => countedOptions(tally.namespaces)}
        describe={plain}
        chosen={filters.namespaces}
        emptyText="Namespaces appear here with the first flows; any other name can be typed."
        free={(text) => (/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(text) ? text : null)}
        freeHint="Names of namespaces are small letters, digits and hyphens."
        onToggle={(value) => onFilters({ namespaces: toggled(filters.namespaces, value) })}
      />
      <Picker
        label="Source"
        options={() => peerOptions(tally.sources)}
        describe={describePeer}
        chosen={filters.sources}
        emptyText="Sources appear here with the first flows. Type namespace/name, or namespace/ for all in it."
        free={(text) => text}
        onToggle={(value) => onFilters({ sources: toggled(filters.sources, value) })}
      />
      <Picker
        label="Destination"
        options={() => peerOptions(tally.dests)}
        describe={describePeer}
        chosen={filters.dests}
        emptyText="Destinations appear here with the first flows. Type namespace/name, or namespace/ for all in it."
        free={(text) => text}
        onToggle={(value) => onFilters({ dests: toggled(filters.dests, value) })}
      />
      <Picker
        label="Port"
        options={() => countedOptions(tally.ports)}
        describe={plain}
        chosen={filters.ports}
        emptyText="Ports appear here with the first flows. Type tcp:443, or 443 for any protocol."
        free={freePort}
        freeHint="A port is a number up to 65535, with a protocol before it or not: tcp:443, 53."
        onToggle={(value) => onFilters({ ports: toggled(filters.ports, value) })}
      />
      <Picker
        label="Policy"
        options={() => policyOptions(tally)}
        describe={describePolicy}
        chosen={filters.policies}
        emptyText="Policies appear here once they have judged a flow."
        onToggle={(value) => onFilters({ policies: toggled(filters.policies, value) })}
      >
        <PolicyGroup parts={policyParts(tally.policyRefs.values())} onAdd={(match) => onFilters({ policies: [...new Set([...filters.policies, match])] })} />
      </Picker>
      <Choice label="Reporter" options={REPORTERS} value={filters.reporter} neutral="any" onChange={(reporter) => onFilters({ reporter })} />
    </>
  );
}

function freePort(text: string): string | null {
  const match = parsePort(text);
  return match ? portText(match) : null;
}
