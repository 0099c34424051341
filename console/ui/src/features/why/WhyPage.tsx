import { useRef } from 'react';
import { useShortcuts } from '../../app/useShortcuts';
import { useTitle } from '../../app/useTitle';
import { useUrlState } from '../../app/useUrlState';
import { Notice } from '../../design/Notice';
import { PageFrame } from '../../design/PageFrame';
import { NowAnswer } from './NowAnswer';
import { PastAnswer } from './PastAnswer';
import { QuestionForm } from './QuestionForm';
import { isAsked, WHY_CODEC } from './state';

/** Why somebody may or may not talk to somebody: now, or at a time that is on record. */
export function WhyPage() {
  const [question, update] = useUrlState(WHY_CODEC);
  const first = useRef<HTMLInputElement>(null);
  const key = WHY_CODEC.format(question);
  useTitle('Why');
  useShortcuts({ '/': () => first.current?.select(), l: () => update({ at: null }) });
  return (
    <PageFrame title="Why">
      <QuestionForm key={key} question={question} first={first} onAsk={update} />
      {!isAsked(question) && (
        <Notice icon="search" title="Who talks to whom?">
          Name two pods or their owners, such as <code>shop/cart</code>, addresses, or <code>host:NAME</code>. It need not have happened: what is asked is
          judged by the policies as they are now. With a time, the records of then answer.
        </Notice>
      )}
      {isAsked(question) && (question.at === null ? <NowAnswer key={key} question={question} /> : <PastAnswer key={key} question={question} at={question.at} />)}
    </PageFrame>
  );
}
