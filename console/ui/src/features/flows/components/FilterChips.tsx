import { Icon } from '../../../design/Icon';
import { LIST_FIELDS, type Filters } from '../filters/filters';
import { describePeer, describePolicy } from '../filters/options';
import styles from './FilterChips.module.css';

const WORDS = { namespaces: 'namespace', sources: 'source', dests: 'destination', ports: 'port', policies: 'policy' } as const;

interface FilterChipsProps {
  readonly filters: Filters;
  readonly onFilters: (patch: Partial<Filters>) => void;
}

/** The chosen values, each with a button that drops it. */
export function FilterChips({ filters, onFilters }: FilterChipsProps) {
  if (LIST_FIELDS.every((field) => filters[field].length === 0)) return null;
  return (
    <ul className={styles.chips} aria-label="Chosen filters">
      {LIST_FIELDS.flatMap((field) =>
        filters[field].map((value) => (
          <li key={`${field} ${value}`}>
            <button
              type="button"
              aria-label={`Drop ${WORDS[field]} ${labelOf(field, value)}`}
              title="Drop this filter"
              onClick={() => onFilters({ [field]: filters[field].filter((other) => other !== value) })}
            >
              <small>{WORDS[field]}</small> {labelOf(field, value)}
              <Icon name="close" size={10} />
            </button>
          </li>
        )),
      )}
    </ul>
  );
}

function labelOf(field: (typeof LIST_FIELDS)[number], value: string): string {
  if (field === 'policies') {
    const { label, prefix } = describePolicy(value);
    return prefix === 'tier' ? `tier ${label}` : label;
  }
  const { label, prefix } = field === 'sources' || field === 'dests' ? describePeer(value) : { label: value, prefix: undefined };
  return prefix ? `all of ${label}` : label;
}
