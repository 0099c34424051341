import { getJson, sendJson, setCsrfToken } from '../../api/http';

/** What a user may do. */
export interface Permissions {
  /** May change some policy. */
  readonly edit: boolean;
  readonly all_namespaces: boolean;
  /** Whose flows are shown; empty if all. */
  readonly namespaces: readonly string[];
}

/** The ways to sign in that this server takes. */
export interface SignInWays {
  readonly required: boolean;
  readonly password: boolean;
  readonly token: boolean;
  readonly oidc: boolean;
  /** The process prints a link. */
  readonly link: boolean;
}

export interface Session {
  readonly signed_in: boolean;
  /** What this server's pages are about. */
  readonly serves: 'flows' | 'agents';
  readonly user: string | null;
  readonly csrf_token: string | null;
  readonly permissions: Permissions | null;
  readonly sign_in: SignInWays;
}

export type Credentials = { readonly user: string; readonly password: string } | { readonly token: string };

export async function fetchSession(signal: AbortSignal): Promise<Session> {
  return adopted(await getJson<Session>('/api/v1/session', signal));
}

export async function signIn(credentials: Credentials): Promise<Session> {
  return adopted(await sendJson<Session>('POST', '/api/v1/session', credentials));
}

export async function signOut(): Promise<Session> {
  return adopted(await sendJson<Session>('DELETE', '/api/v1/session', undefined));
}

/** Whether the pages can be shown, or somebody has to sign in first. */
export function isAdmitted(session: Session): boolean {
  return session.signed_in || !session.sign_in.required;
}

/** Whether there is a way to sign in at all. */
export function canSignIn({ sign_in: ways }: Session): boolean {
  return ways.password || ways.token || ways.oidc || ways.link;
}

/** Guests may change something only where nobody can sign in: such a console is behind another gate. */
export function mayEdit(session: Session): boolean {
  return session.permissions?.edit ?? !canSignIn(session);
}

function adopted(session: Session): Session {
  setCsrfToken(session.csrf_token ?? '');
  return session;
}
