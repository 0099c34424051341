import type { AgentPolicy, PolicyText } from './api';

/** A new policy, until its author writes a better one. */
export const NEW_CEDAR = `permit(principal in Group::"finance-agents", action == Action::"invokeTool", resource)
when { principal.risk_level == "low" && context.has_user };
`;

/** The text that tries an edit beside what is enforced; an edited staged policy stays what it is. */
export function stagedText(policy: AgentPolicy | null, all: readonly AgentPolicy[], edited: PolicyText): PolicyText {
  if (policy === null || policy.staged) return { ...edited, staged: true };
  const name = `${policy.name}-staged`;
  const before = all.find((other) => other.name === name);
  return { ...edited, name, staged: true, replaces: policy.name, resource_version: before?.resource_version ?? '' };
}

/** Lines of the text, counted from 0, that problems name. */
export function wrongLines(problems: readonly { readonly field: string }[]): ReadonlySet<number> {
  const lines = new Set<number>();
  for (const { field } of problems) {
    const line = /line (\d+)/.exec(field)?.[1];
    if (line !== undefined) lines.add(Number(line) - 1);
  }
  return lines;
}
