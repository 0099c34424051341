import { Dialog } from '../design/Dialog';
import styles from './HelpDialog.module.css';
import type { Page } from './pages';

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
  '/why': [[['l'], 'As policies are now']],
  '/policies': [
    [['←', '→', '↑', '↓'], 'Choose a policy'],
    [['Shift', '↑', '↓'], 'Move it within its tier'],
    [['e'], 'Edit'],
    [['n'], 'New policy'],
    ...TIME,
  ],
  '/policies/unused': [
    [['j', '↓'], 'Next line'],
    [['k', '↑'], 'Previous line'],
  ],
  '/compare': [[['a'], 'Show unchanged connections'], ...TIME],
  '/namespaces': [
    [['j', '↓'], 'Next namespace'],
    [['k', '↑'], 'Previous namespace'],
  ],
};

/** The same for the pages of agents. */
const OF_AGENT_PAGE: Readonly<Record<string, Keys>> = {
  '/': [
    [['j', '↓'], 'Next call'],
    [['k', '↑'], 'Previous call'],
    [['Home', 'End'], 'First, last call'],
    [['Enter'], 'What its record says'],
    [['p'], 'Pause and go on'],
  ],
  '/approvals': [
    [['j', '↓'], 'Next call that waits'],
    [['k', '↑'], 'Previous one'],
    [['a'], 'Approve'],
    [['r'], 'Refuse'],
  ],
  '/agents': [
    [['j', '↓'], 'Next agent'],
    [['k', '↑'], 'Previous agent'],
    [['h'], 'Halt the open agent'],
  ],
  '/graph': [
    [['←', '→', '↑', '↓'], 'Choose a node'],
    [['Enter'], 'Open the agent, or the calls'],
    [['1', '2'], 'Servers, tools and models'],
  ],
  '/policies': [
    [['j', '↓'], 'Next policy'],
    [['k', '↑'], 'Previous policy'],
    [['n'], 'New policy'],
  ],
  '/halts': [[['n'], 'Halt agents']],
};

interface HelpDialogProps {
  readonly pages: readonly Page[];
  readonly agents: boolean;
  /** Of the page that is shown. */
  readonly path: string;
  readonly onClose: () => void;
}

export function HelpDialog({ pages, agents, path, onClose }: HelpDialogProps) {
  const page = pages.find((other) => other.path === path);
  const own = (agents ? OF_AGENT_PAGE : OF_PAGE)[path];
  return (
    <Dialog title="Keyboard" wide onClose={onClose}>
      <div className={styles.columns}>
        <div>
          {own && <KeyList title={page?.label ?? 'Here'} keys={own} />}
          {!own && <KeyList title="Everywhere" keys={EVERYWHERE} />}
        </div>
        <div>
          {own && <KeyList title="Everywhere" keys={EVERYWHERE} />}
          <KeyList title="Go to" keys={pages.map(({ key, label }) => [['g', key], label])} />
        </div>
      </div>
      <p className={styles.note}>
        {agents ? (
          'Words in the search must all occur in agents, users, targets, policies or reasons. '
        ) : (
          <>
            Words in the search must all occur in names, namespaces, services, <code>tcp:8080</code> or policies; <code>-word</code> leaves out.{' '}
          </>
        )}
        Filters, time and what is open are part of the address: copy it to share what you see.
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
