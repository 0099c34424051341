import { useEffect, useRef } from 'react';
import { classes } from '../../../design/classes';
import { tokenize } from '../../../yaml/highlight';
import type { LineRange } from '../locateRule';
import styles from './YamlView.module.css';

interface YamlViewProps {
  readonly yaml: string;
  /** Lines to mark, and to show first. */
  readonly marked?: LineRange | null;
  readonly label: string;
}

export function YamlView({ yaml, marked, label }: YamlViewProps) {
  const first = useRef<HTMLDivElement>(null);
  const frame = useRef<HTMLPreElement>(null);
  useEffect(() => {
    if (!frame.current || !first.current) return;
    frame.current.scrollTop = Math.max(0, first.current.offsetTop - 40);
  }, [yaml, marked?.first]);
  const lines = yaml.replace(/\n$/, '').split('\n');
  return (
    <pre ref={frame} className={styles.frame} role="region" aria-label={label} tabIndex={0}>
      {lines.map((line, number) => (
        <div
          key={number}
          ref={number === marked?.first ? first : undefined}
          className={classes(styles.line, marked && number >= marked.first && number <= marked.last && styles.marked)}
        >
          <span className={styles.gutter} aria-hidden="true">
            {number + 1}
          </span>
          <code>
            {tokenize(line).map((token, index) => (
              <span key={index} className={styles[token.type]}>
                {token.text}
              </span>
            ))}
          </code>
        </div>
      ))}
    </pre>
  );
}
