import { useState } from 'react';
import { Button } from '../../../design/Button';
import type { PolicyParts } from '../filters/options';
import { formatPolicyMatch, type PolicyMatch } from '../filters/policies';
import styles from './PolicyGroup.module.css';

interface PolicyGroupProps {
  readonly parts: PolicyParts;
  readonly onAdd: (match: string) => void;
}

const NOTHING: PolicyMatch = { kind: '', tier: '', namespace: '', name: '' };

/** Puts together a match of kind, tier, namespace and name, all of which must hold. */
export function PolicyGroup({ parts, onAdd }: PolicyGroupProps) {
  const [match, setMatch] = useState<PolicyMatch>(NOTHING);
  const fields = [
    { field: 'kind', label: 'Kind', options: parts.kinds },
    { field: 'tier', label: 'Tier', options: plain(parts.tiers) },
    { field: 'namespace', label: 'Namespace', options: parts.namespaces.map((value) => ({ value, label: value === '-' ? 'none (cluster-wide)' : value })) },
    { field: 'name', label: 'Name', options: plain(parts.names) },
  ] as const;
  const empty = Object.values(match).every((value) => value === '');
  return (
    <fieldset className={styles.group}>
      <legend>Or all of</legend>
      <div className={styles.fields}>
        {fields.map(({ field, label, options }) => (
          <label key={field}>
            {label}
            <select value={match[field]} onChange={(event) => setMatch({ ...match, [field]: event.target.value })}>
              <option value="">any</option>
              {options.map((option) => (
                <option key={option.value} value={option.value}>
                  {option.label}
                </option>
              ))}
            </select>
          </label>
        ))}
      </div>
      <Button
        icon="plus"
        disabled={empty}
        onClick={() => {
          onAdd(formatPolicyMatch(match));
          setMatch(NOTHING);
        }}
      >
        Add this group
      </Button>
    </fieldset>
  );
}

function plain(values: readonly string[]): readonly { value: string; label: string }[] {
  return values.map((value) => ({ value, label: value }));
}
