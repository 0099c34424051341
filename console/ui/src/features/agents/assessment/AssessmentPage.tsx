import { useState } from 'react';
import { getJson } from '../../../api/http';
import { useFetched } from '../../../api/useFetched';
import { Link } from '../../../app/router';
import { useShortcuts } from '../../../app/useShortcuts';
import { useTitle } from '../../../app/useTitle';
import { Badge, type Tone } from '../../../design/Badge';
import { Button } from '../../../design/Button';
import { Icon } from '../../../design/Icon';
import { Notice } from '../../../design/Notice';
import { PageFrame } from '../../../design/PageFrame';
import { plural } from '../../../format/text';
import { formatFullTime } from '../../../format/time';
import shared from '../agents.module.css';
import styles from './AssessmentPage.module.css';

interface Evidence {
  readonly fact: string;
  readonly found: string;
  readonly source: string;
  readonly met: boolean;
}

interface Assessment {
  readonly at: string;
  /** That figures were taken from. */
  readonly records: number;
  readonly level: number;
  readonly questions: readonly { readonly pillar: string; readonly question: string; readonly answer: 'YES' | 'PARTLY' | 'NO'; readonly evidence: readonly Evidence[] }[];
  readonly levels: readonly { readonly level: number; readonly name: string; readonly met: boolean; readonly criteria: readonly Evidence[] }[];
}

const ANSWER_TONES: Readonly<Record<'YES' | 'PARTLY' | 'NO', Tone>> = { YES: 'allow', PARTLY: 'warn', NO: 'deny' };

function fetchAssessment(signal: AbortSignal): Promise<Assessment> {
  return getJson<Assessment>('/api/v1/agents/assessment', signal);
}

/** Five questions and a level of maturity, computed from what is there, with the evidence. */
export function AssessmentPage() {
  const [version, setVersion] = useState(0);
  const fetched = useFetched('assessment', String(version), fetchAssessment);
  useTitle('Assessment');
  const reload = () => setVersion(version + 1);
  useShortcuts({ r: reload });
  return (
    <PageFrame
      title="Assessment"
      marks={fetched.state === 'done' && <Badge tone="accent">level {fetched.value.level} of 4</Badge>}
      actions={
        <Button title="Compute it anew (r)" onClick={reload}>
          Compute anew
        </Button>
      }
    >
      {fetched.state === 'loading' && <Notice icon="pending" title="Computing">The log is verified, and its records are added up.</Notice>}
      {fetched.state === 'failed' && <Notice icon="plug" title="It cannot be computed">{fetched.reason}.</Notice>}
      {fetched.state === 'done' && <Answers assessment={fetched.value} />}
    </PageFrame>
  );
}

function Answers({ assessment }: { readonly assessment: Assessment }) {
  return (
    <div className={shared.page}>
      <ol className={styles.levels} aria-label="Levels of maturity">
        <li data-reached="true">
          <b>0</b> Unknown
        </li>
        {assessment.levels.map((level) => (
          <li key={level.level} data-reached={level.level <= assessment.level}>
            <b>{level.level}</b> {level.name}
            {!level.met && (
              <span className={shared.dim}>
                lacks:{' '}
                {level.criteria
                  .filter(({ met }) => !met)
                  .map(({ fact, found }) => `${fact} (${found})`)
                  .join('; ')}
              </span>
            )}
          </li>
        ))}
      </ol>
      {assessment.questions.map((question) => (
        <section key={question.pillar} className={shared.card} aria-label={question.pillar}>
          <h2>
            {question.question} <Badge tone={ANSWER_TONES[question.answer]}>{question.answer.toLowerCase()}</Badge>
            <small>{question.pillar}</small>
          </h2>
          <ul className={styles.evidence}>
            {question.evidence.map((one) => (
              <li key={one.fact} data-met={one.met}>
                <Icon name={one.met ? 'done' : 'warn'} />
                <span>
                  <span className="visually-hidden">{one.met ? 'yes: ' : 'no: '}</span>
                  {one.fact}: <b>{one.found}</b> <span className={shared.dim}>{one.source}</span>
                </span>
              </li>
            ))}
          </ul>
        </section>
      ))}
      <p className={shared.dim}>
        Computed {formatFullTime(Date.parse(assessment.at))} from the registry, the{' '}
        <Link className={shared.link} href="/policies">
          policies in force
        </Link>
        , and the newest {plural(assessment.records, 'record')} of the audit log. <code>margay agents assess</code> gives the same,{' '}
        <code>margay audit report --eu-ai-act</code> a report for articles 12 to 14.
      </p>
    </div>
  );
}
