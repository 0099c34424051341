import { Dialog } from '../design/Dialog';
import styles from './HelpDialog.module.css';
import { PAGES } from './pages';

type Keys = readonly (readonly [readonly string[], string])[];

const EVERYWHERE: Keys = [
  [['/'], 'Search'],
  [['Enter'], 'Open'],
  [['Esc'], 'Close, leave, go up'],
  [['x'], 'Clear all filters'],
  [['?'], 'This help'],
];

const TIME: Keys = [
  [['[', ']'], 'Earlier, later'],
  [['-'], 'A longer time'],
  [['l'], 'Back to now'],
];

const ROWS: Keys = [
  [['j', '↓'], 'Next flow'],
  [['k', '↑'], 'Previous flow'],
  [['Home', 'End'], 'First, last flow'],
  [['Enter'], 'Why this verdict'],
  [['f'], 'Propose a fix for the open flow'],
  [['p'], 'Pause and go on'],
  [['t'], 'Clock times or ages'],
];

/** What the keys do on each page beside what they do everywhere. */
const OF_PAGE: Readonly<Record<string, Keys>> = {
  '/': [...ROWS, ...TIME],
  '/graph': [
    [['←', '→', '↑', '↓'], 'Choose a node'],
    [['Enter'], 'Open or close a namespace'],
    [['1', '2', '3'], 'Namespaces, workloads, services'],
    ...TIME,
  ],
  '/policies': [
    [['←', '→', '↑', '↓'], 'Choose a policy'],
    [['Shift', '↑', '↓'], 'Move it within its tier'],
    [['e'], 'Edit'],
    [['n'], 'New policy'],
    ...TIME,
  ],
  '/compare': [[['a'], 'Show unchanged connections'], ...TIME],
  '/namespaces': [
    [['j', '↓'], 'Next namespace'],
    [['k', '↑'], 'Previous namespace'],
  ],
};

interface HelpDialogProps {
  /** Of the page that is shown. */
  readonly path: string;
  readonly onClose: () => void;
}

export function HelpDialog({ path, onClose }: HelpDialogProps) {
  const page = PAGES.find((other) => other.path === path);
  const own = OF_PAGE[path];
  return (
    <Dialog title="Keyboard" wide onClose={onClose}>
      <div className={styles.columns}>
        <div>
          {own && <KeyList title={page?.label ?? 'Here'} keys={own} />}
          {!own && <KeyList title="Everywhere" keys={EVERYWHERE} />}
        </div>
        <div>
          {own && <KeyList title="Everywhere" keys={EVERYWHERE} />}
          <KeyList title="Go to" keys={PAGES.map(({ key, label }) => [['g', key], label])} />
        </div>
      </div>
      <p className={styles.note}>
        Words in the search must all occur in names, namespaces, services, <code>tcp:8080</code> or policies; <code>-word</code> leaves out. Filters,
        time and what is open are part of the address: copy it to share what you see.
      </p>
    </Dialog>
  );
}

function KeyList({ title, keys }: { readonly title: string; readonly keys: Keys }) {
  return (
    <section>
      <h3 className={styles.title}>{title}</h3>
      <dl className={styles.keys}>
        {keys.map(([combination, meaning]) => (
          <div key={meaning}>
            <dt>
              {combination.map((key, index) => (
                <kbd key={index}>{key}</kbd>
              ))}
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
