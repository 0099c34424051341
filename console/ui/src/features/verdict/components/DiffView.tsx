import { classes } from '../../../design/classes';
import { diffLines, shortened } from '../../../yaml/diff';
import { tokenize } from '../../../yaml/highlight';
import styles from './YamlView.module.css';

interface DiffViewProps {
  readonly before: string;
  readonly after: string;
  readonly label: string;
  /** All lines, and not only those near a change. */
  readonly whole?: boolean;
}

const CONTEXT = 6;
const SIGNS = { same: ' ', added: '+', removed: '−' } as const;

/** What changes in a policy's YAML. */
export function DiffView({ before, after, label, whole = false }: DiffViewProps) {
  const all = diffLines(before, after);
  const lines = whole ? all : shortened(all, CONTEXT);
  if (lines.length === 0) return <p className={styles.unchanged}>The text is the same.</p>;
  return (
    <pre className={styles.frame} role="region" aria-label={label} tabIndex={0}>
      {lines.map((line, index) =>
        line === null ? (
          <div key={index} className={styles.skip}>
            …
          </div>
        ) : (
          <div key={index} className={classes(styles.line, styles[line.type])}>
            <span className={styles.sign}>{SIGNS[line.type]}</span>
            <code>
              {tokenize(line.text).map((token, part) => (
                <span key={part} className={styles[token.type]}>
                  {token.text}
                </span>
              ))}
            </code>
          </div>
        ),
      )}
    </pre>
  );
}
