import { useState } from 'react';
import { useFetched } from '../../api/useFetched';
import { Button } from '../../design/Button';
import { CopyButton } from '../../design/CopyButton';
import { EffectLine } from '../policies/components/EffectLine';
import { preview } from '../policies/api';
import { DiffView } from '../verdict/components/DiffView';
import { YamlView } from '../verdict/components/YamlView';
import { kindLabel, qualified } from '../verdict/words';
import type { FixChange } from './api';
import styles from './FixTab.module.css';

/** One change of a proposal: in words, as a comparison, as the staged policy, and what it would do. */
export function FixCard({ change }: { readonly change: FixChange }) {
  const [view, setView] = useState<'change' | 'staged'>('change');
  const text = change.staged_yaml ?? change.after_yaml;
  const effect = useFetched(change.after_yaml, '', (signal) => preview({ yaml: change.after_yaml }, signal));
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
      {effect.state === 'done' && <EffectLine preview={effect.value} />}
    </section>
  );
}

function sentence(statement: string): string {
  return statement.charAt(0).toUpperCase() + statement.slice(1);
}
