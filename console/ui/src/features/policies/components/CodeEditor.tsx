import { useRef, type KeyboardEvent, type UIEvent } from 'react';
import { classes } from '../../../design/classes';
import { tokenize } from '../../../yaml/highlight';
import tokens from '../../verdict/components/YamlView.module.css';
import styles from './CodeEditor.module.css';

interface CodeEditorProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Lines, counted from 0, that something is wrong with. */
  readonly wrong: ReadonlySet<number>;
}

/**
 * A text area over a coloured copy of its text. Tab indents, and Escape gives Tab back its usual work, so
 * that the keyboard can leave.
 */
export function CodeEditor({ label, value, onChange, wrong }: CodeEditorProps) {
  const copy = useRef<HTMLPreElement>(null);
  const leaving = useRef(false);
  const lines = value.split('\n');

  const follow = (event: UIEvent<HTMLTextAreaElement>) => {
    if (!copy.current) return;
    copy.current.scrollTop = event.currentTarget.scrollTop;
    copy.current.scrollLeft = event.currentTarget.scrollLeft;
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key === 'Escape') leaving.current = true;
    else if (event.key === 'Tab' && !event.shiftKey && !leaving.current) {
      event.preventDefault();
      // This keeps the browser's undo, unlike a change of the value.
      document.execCommand('insertText', false, '  ');
    } else if (event.key === 'Enter') {
      const { selectionStart, value: text } = event.currentTarget;
      const line = text.slice(text.lastIndexOf('\n', selectionStart - 1) + 1, selectionStart);
      event.preventDefault();
      document.execCommand('insertText', false, `\n${/^\s*/.exec(line)![0]}`);
    }
  };
  return (
    <div className={styles.editor}>
      <pre ref={copy} className={styles.copy} aria-hidden="true">
        {lines.map((line, number) => (
          <div key={number} className={classes(wrong.has(number) && styles.wrong)}>
            <span className={styles.number}>{number + 1}</span>
            <code>
              {tokenize(line).map((token, index) => (
                <span key={index} className={tokens[token.type]}>
                  {token.text}
                </span>
              ))}
              {line === '' && '​'}
            </code>
          </div>
        ))}
      </pre>
      <textarea
        aria-label={label}
        aria-description="Tab indents; after Escape it leaves the editor."
        value={value}
        spellCheck={false}
        autoComplete="off"
        wrap="off"
        onChange={(event) => onChange(event.target.value)}
        onFocus={() => {
          leaving.current = false;
        }}
        onKeyDown={onKeyDown}
        onScroll={follow}
      />
    </div>
  );
}
