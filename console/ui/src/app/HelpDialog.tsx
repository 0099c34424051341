import { Dialog } from '../design/Dialog';
import styles from './HelpDialog.module.css';

const KEYS: readonly (readonly [readonly string[], string])[] = [
  [['/'], 'Search in the flows'],
  [['j', '↓'], 'Next flow'],
  [['k', '↑'], 'Previous flow'],
  [['Home', 'End'], 'First, last flow'],
  [['Enter'], 'Why this verdict'],
  [['Esc'], 'Close the panel, leave the search'],
  [['p'], 'Pause and go on'],
  [['t'], 'Clock times or ages'],
  [['x'], 'Clear all filters'],
  [['?'], 'This help'],
];

export function HelpDialog({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title="Keyboard" onClose={onClose}>
      <dl className={styles.keys}>
        {KEYS.map(([keys, meaning]) => (
          <div key={meaning}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <p className={styles.note}>
        Words in the search must all occur in names, namespaces, services, <code>tcp:8080</code> or policies; <code>-word</code> leaves out.
        Filters and the open flow are part of the address: copy it to share what you see.
      </p>
    </Dialog>
  );
}
