import { useState } from 'react';
import { moveBefore, type BoardPolicy, type BoardTier } from '../api';
import { keyOf, placeOf, targetOfStep } from '../model/board';

/** Moving a policy within its tier, by drag or by steps. */
export function useReorder(tiers: readonly BoardTier[] | null, onMoved: () => void, onTouched: (policy: BoardPolicy) => void) {
  const [dragged, setDragged] = useState<BoardPolicy | null>(null);
  const [dropBefore, setDropBefore] = useState<string | null | undefined>(undefined);
  const [problem, setProblem] = useState('');

  const move = (policy: BoardPolicy, before: BoardPolicy | null) => {
    setProblem('');
    onTouched(policy);
    moveBefore(policy, before, policy.resource_version).then(onMoved, (refused: Error) => setProblem(refused.message));
  };
  const find = (key: string) => {
    const place = tiers && placeOf(tiers, key);
    return place ? { policies: tiers[place.tier]!.policies, index: place.index } : null;
  };
  return {
    dragged,
    dropBefore,
    problem,
    forget: () => setProblem(''),
    drag: (policy: BoardPolicy | null) => {
      setDragged(policy);
      setDropBefore(undefined);
    },
    over: setDropBefore,
    drop: () => {
      const target = dropBefore == null ? null : find(dropBefore);
      if (dragged && dropBefore !== undefined && dropBefore !== keyOf(dragged)) move(dragged, target ? target.policies[target.index]! : null);
      setDragged(null);
      setDropBefore(undefined);
    },
    step: (key: string | null, step: -1 | 1) => {
      const found = key === null ? null : find(key);
      const policy = found?.policies[found.index];
      if (!found || !policy) return;
      if (!policy.editable) return setProblem('you may not change it.');
      const before = targetOfStep(found.policies, found.index, step);
      if (before !== undefined) move(policy, before);
    },
  };
}
