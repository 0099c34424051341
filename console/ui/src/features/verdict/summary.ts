import { pendingDiffers, type Flow } from '../flows/model/flow';
import type { Link, Step } from './chain';
import { directionOf, explainStep, qualified } from './words';

/** The explanation as plain text, for a ticket or a chat. */
export function summarize(flow: Flow, chain: readonly Link[]): string {
  const direction = directionOf(flow.reporter);
  const port = flow.port > 0 ? `:${flow.port}` : '';
  const lines = [
    `${qualified(flow.source)} -> ${qualified(flow.dest)}${port} (${flow.protocol}): ${flow.verdict === 'deny' ? 'denied' : 'allowed'} at ${direction}`,
    `${new Date(flow.start).toISOString()} to ${new Date(flow.end).toISOString()}`,
    ...chain.map((link) => line(link, link.enforced, direction)),
  ];
  if (pendingDiffers(flow) || chain.some((link) => link.differs)) {
    lines.push(`With staged policies: ${flow.pending === 'deny' ? 'denied' : 'allowed'}`);
    lines.push(...chain.filter((link) => link.differs).map((link) => line(link, link.pending, direction)));
  }
  return `${lines.join('\n')}\n`;
}

function line(link: Link, step: Step, direction: 'ingress' | 'egress'): string {
  const policy = step.type === 'hit' && step.hit.name !== '' ? ` ${step.hit.kind} ${qualified(step.hit)}:` : '';
  return `  ${link.tier ?? 'profiles'}:${policy} ${explainStep(step, link.tier, direction)}`;
}
