import type { ReactNode } from 'react';
import { ApprovalsPage } from './approvals/ApprovalsPage';
import { CallsPage } from './calls/CallsPage';
import { TracePage } from './trace/TracePage';

/** The page of a path; null if there is none. */
export function agentPageAt(path: string): ReactNode {
  switch (path) {
    case '/':
    case '/sign-in':
      return <CallsPage key={path} />;
    case '/trace':
      return <TracePage />;
    case '/approvals':
      return <ApprovalsPage />;
    default:
      return null;
  }
}
