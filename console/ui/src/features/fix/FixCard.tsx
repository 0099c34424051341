import { useState } from 'react';
import { Button } from '../../design/Button';
import { CopyButton } from '../../design/CopyButton';
import { DiffView } from '../verdict/components/DiffView';
import { YamlView } from '../verdict/components/YamlView';
import { kindLabel, qualified } from '../verdict/words';
import type { FixChange } from './api';
import styles from './FixTab.module.css';

/** One change of a proposal: in words, as a comparison, and as the staged policy. */
export function FixCard({ change }: { readonly change: FixChange }) {
  const [view, setView] = useState<'change' | 'staged'>('change');
  const text = change.staged_yaml ?? change.after_yaml;
  return (
    <section className={styles.card}>
      <header>
        <div>
          <h3>{sentence(change.statement)}</h3>
          <p>
            {change.exists ? 'Changes' : 'New'} {kindLabel(change.policy.kind)} <b>{qualified(change.policy)}</b>, tier {change.tier}
          </p>
        </div>
        <span className={styles.views}>
          {change.staged_yaml !== null && (
            <Button quiet aria-expanded={view === 'staged'} onClick={() => setView(view === 'change' ? 'staged' : 'change')}>
              {view === 'change' ? 'Staged policy' : 'The change'}
            </Button>
          )}
          <CopyButton text={text} label="Copy the YAML" />
        </span>
      </header>
      {view === 'change' ? (
        <DiffView before={change.before_yaml} after={change.after_yaml} label={`Change of ${qualified(change.policy)}`} />
      ) : (
        <YamlView yaml={text} label={`Staged YAML of ${qualified(change.policy)}`} />
      )}
    </section>
  );
}

function sentence(statement: string): string {
  return statement.charAt(0).toUpperCase() + statement.slice(1);
}
