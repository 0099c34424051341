import { missingShards } from './missingShards';

/** One thing that is wrong with a text. */
export interface Problem {
  readonly resource: string;
  /** Path of the field, or empty. */
  readonly field: string;
  readonly value: string;
  readonly reason: string;
  /** What to write instead, or empty. */
  readonly fix: string;
  /** All of it in one sentence. */
  readonly text: string;
}

/** What the server refused, in its own words. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly status: number,
    message: string,
    /** What is wrong with the body that was sent, thing by thing, if the server says so. */
    readonly problems: readonly Problem[] = [],
  ) {
    super(message);
  }
}

/**
 * Sent with whatever changes something. A page of another site cannot set a header of its own without
 * the server's leave, so its presence tells our requests from forged ones.
 */
let csrfToken = '';

type Listener = () => void;
const signedOutListeners = new Set<Listener>();

/** Calls back when the server says that nobody is signed in (any more). */
export function onSignedOut(listener: Listener): Listener {
  signedOutListeners.add(listener);
  return () => signedOutListeners.delete(listener);
}

/** For answers 401 that do not come through this file. */
export function reportSignedOut(): void {
  signedOutListeners.forEach((listener) => listener());
}

/** The token of the session, from the server's answer about it. */
export function setCsrfToken(token: string): void {
  csrfToken = token;
}

/**
 * Asks for JSON.
 *
 * @throws ApiError with a sentence for people
 */
export async function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  return request<T>(path, signal ? { signal } : {});
}

/** Sends JSON, and reads the answer; an empty answer is null. */
export async function sendJson<T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  const headers: Record<string, string> = { 'X-CSRF-Token': csrfToken };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  return request<T>(path, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  });
}

async function request<T>(path: string, init: RequestInit): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, { cache: 'no-store', credentials: 'same-origin', ...init });
  } catch (problem) {
    if (init.signal?.aborted) throw problem;
    throw new ApiError(0, 'the console cannot be reached');
  }
  if (response.ok) {
    missingShards.note(path, response.headers);
    const text = await response.text();
    return (text === '' ? null : JSON.parse(text)) as T;
  }
  if (response.status === 401) reportSignedOut();
  throw await refusal(response);
}

/** The error that a refused request stands for. */
export async function refusal(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => null);
  if (body === null || typeof body !== 'object' || !('error' in body)) {
    return new ApiError(response.status, `the console answers ${response.status} ${response.statusText}`.trim());
  }
  const problems = 'problems' in body && Array.isArray(body.problems) ? (body.problems as Problem[]) : [];
  return new ApiError(response.status, String(body.error), problems);
}

/** A query string of what is there, with its question mark; empty for nothing. */
export function queryOf(parameters: Readonly<Record<string, string | number | undefined>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== '') query.set(name, String(value));
  }
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}
