import { generationText, type Row } from './rows';

const COLUMNS = ['OWNER', 'TIER', 'KIND', 'POLICY', 'RULE', 'LAST USED', 'IN THIS GENERATION', 'CREATED'] as const;

/** The lines as comma-separated values (RFC 4180), with the columns of `margay policy unused -o csv`. */
export function csvOf(rows: readonly Row[]): string {
  return [COLUMNS, ...rows.map(cellsOf)].map((cells) => `${cells.map(cell).join(',')}\n`).join('');
}

function cellsOf({ policy, rule, lastUsed, inThisGeneration }: Row): readonly string[] {
  return [
    policy.owner || 'nobody',
    policy.tier,
    policy.kind,
    policy.namespace === '' ? policy.name : `${policy.namespace}/${policy.name}`,
    rule || 'all',
    lastUsed ?? 'never',
    generationText(inThisGeneration),
    policy.created_at ?? 'unknown',
  ];
}

/** A spreadsheet would take some texts for formulas; owners are named by whoever may write a policy. */
function cell(text: string): string {
  const safe = /^[=+\-@\t]./.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
