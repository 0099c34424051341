import { useEffect, useState, type FormEvent } from 'react';
import { navigate, usePlace } from '../../app/router';
import { Button } from '../../design/Button';
import { Field } from '../../design/Field';
import { Segmented } from '../../design/Segmented';
import { signIn, type Credentials, type Session } from './session';
import styles from './SignInPage.module.css';

/** What the server's redirects say; the address could say anything, so only these are repeated. */
const REASONS: Readonly<Record<string, string>> = {
  used: 'This link was used before, or it is too old. Each link works once: ask the process for a new one, or sign in here.',
  refused: 'Your organisation’s sign-in did not let you in, or you went back. Try again, or ask who runs it.',
  state: 'That sign-in was not begun in this browser, or more than ten minutes ago. Begin it again here.',
  provider: 'Your organisation’s sign-in and this console do not agree; the log of the console says why. Tell who runs it, or sign in another way.',
};
const OTHER_REASON = 'The sign-in failed. Try again.';

interface SignInPageProps {
  readonly session: Session;
  readonly onSession: (session: Session) => void;
}

/** How to get in: with a password, a token of the cluster, the company's sign-in, or the printed link. */
export function SignInPage({ session, onSession }: SignInPageProps) {
  const ways = session.sign_in;
  const { path, query } = usePlace();
  const reason = new URLSearchParams(query).get('reason');
  const [way, setWay] = useState<'password' | 'token'>(ways.password ? 'password' : 'token');
  const [user, setUser] = useState('admin');
  const [secret, setSecret] = useState('');
  const [problem, setProblem] = useState(reason === null ? '' : (REASONS[reason] ?? OTHER_REASON));
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    document.title = 'Sign in · Margay';
  }, []);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const credentials: Credentials = way === 'password' ? { user, password: secret } : { token: secret.trim() };
    setBusy(true);
    signIn(credentials).then(
      (next) => {
        if (path.startsWith('/sign-in')) navigate('/', 'replace');
        onSession(next);
      },
      (refused: Error) => {
        setProblem(refused.message);
        setBusy(false);
        setSecret('');
      },
    );
  };
  return (
    <main className={styles.page}>
      <form className={styles.card} onSubmit={submit} aria-labelledby="sign-in-title">
        <img src="/margay.svg" alt="" width="40" height="40" />
        <h1 id="sign-in-title">Sign in to Margay</h1>
        {problem !== '' && (
          <p className={styles.problem} role="alert">
            {problem}
          </p>
        )}
        {ways.password && ways.token && (
          <Segmented
            label="With"
            value={way}
            options={[
              { value: 'password', label: 'Password' },
              { value: 'token', label: 'Token' },
            ]}
            onChange={setWay}
          />
        )}
        {ways.password && way === 'password' && (
          <>
            <Field label="Name">
              <input value={user} autoComplete="username" required spellCheck={false} onChange={(event) => setUser(event.target.value)} />
            </Field>
            <Field label="Password">
              <input type="password" value={secret} autoComplete="current-password" required autoFocus onChange={(event) => setSecret(event.target.value)} />
            </Field>
          </>
        )}
        {ways.token && way === 'token' && (
          <Field label="Bearer token of the cluster" hint="For example from kubectl create token NAME">
            <input type="password" value={secret} autoComplete="off" required autoFocus onChange={(event) => setSecret(event.target.value)} />
          </Field>
        )}
        {(ways.password || ways.token) && (
          <Button primary type="submit" disabled={busy}>
            {busy ? 'Signing in …' : 'Sign in'}
          </Button>
        )}
        {ways.oidc && (
          <a className={styles.oidc} href={`/sign-in/oidc?to=${encodeURIComponent(path.startsWith('/sign-in') ? '/' : path + query)}`}>
            Continue with your organisation’s sign-in
          </a>
        )}
        {ways.link && (
          <p className={styles.note}>
            The process has printed a link that signs you in once: look at the end of its output, or where its log goes.
          </p>
        )}
      </form>
    </main>
  );
}
