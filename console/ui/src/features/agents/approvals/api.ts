import { getJson, sendJson } from '../../../api/http';

export interface Vote {
  readonly approver: string;
  readonly approves: boolean;
  readonly reason: string;
  readonly at: string;
}

/** A call that waits, or waited, for people. */
export interface Approval {
  readonly name: string;
  readonly state: 'PENDING' | 'APPROVED' | 'REFUSED' | 'EXPIRED' | 'USED';
  readonly agent: string;
  readonly workload: string;
  /** Issuer and subject; empty for nobody. */
  readonly user: string;
  readonly protocol: string;
  readonly action: string;
  readonly target: string;
  /** The exact JSON. */
  readonly arguments: string;
  readonly arguments_hash: string;
  readonly trace: string;
  readonly tier: string;
  /** How many people have to approve. */
  readonly count: number;
  readonly asked: string;
  readonly expires: string;
  readonly policies: readonly string[];
  /** Groups; empty for anybody who may approve. */
  readonly approvers: readonly string[];
  readonly votes: readonly Vote[];
}

export interface Approvals {
  readonly may_approve: boolean;
  readonly pending: readonly Approval[];
  readonly decided: readonly Approval[];
  readonly load: {
    readonly open: number;
    readonly oldest_seconds: number | null;
    readonly median_seconds: number | null;
    readonly decisions_last_day: Readonly<Record<string, number>>;
  };
}

export function fetchApprovals(signal: AbortSignal): Promise<Approvals> {
  return getJson<Approvals>('/api/v1/agents/approvals', signal);
}

export function decide(name: string, verb: 'approve' | 'refuse', reason: string): Promise<Approval> {
  return sendJson<Approval>('POST', `/api/v1/agents/approvals/${encodeURIComponent(name)}/${verb}`, { reason });
}
