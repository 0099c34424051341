import type { ReactNode } from 'react';
import { ApprovalsPage } from './approvals/ApprovalsPage';
import { AssessmentPage } from './assessment/AssessmentPage';
import { CallsPage } from './calls/CallsPage';
import { HaltsPage } from './halts/HaltsPage';
import { AgentPoliciesPage } from './policies/AgentPoliciesPage';
import { AgentPolicyPage } from './policies/AgentPolicyPage';
import { AgentGraphPage } from './registry/AgentGraphPage';
import { AgentPage } from './registry/AgentPage';
import { AgentsPage } from './registry/AgentsPage';
import { TracePage } from './trace/TracePage';

/** The page of a path; null if there is none. Pages of one thing start anew for another one. */
export function agentPageAt(path: string, query: string): ReactNode {
  switch (path) {
    case '/':
    case '/sign-in':
      return <CallsPage key={path} />;
    case '/trace':
      return <TracePage />;
    case '/agents':
      return <AgentsPage />;
    case '/agent':
      return <AgentPage key={query} />;
    case '/graph':
      return <AgentGraphPage />;
    case '/policies':
      return <AgentPoliciesPage />;
    case '/policy':
      return <AgentPolicyPage key={query} />;
    case '/approvals':
      return <ApprovalsPage />;
    case '/halts':
      return <HaltsPage />;
    case '/assessment':
      return <AssessmentPage />;
    default:
      return null;
  }
}
