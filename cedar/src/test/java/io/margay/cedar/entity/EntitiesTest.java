package io.margay.cedar.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.margay.cedar.random.RandomWorld;
import io.margay.cedar.value.EntityUid;
import io.margay.cedar.value.LongValue;
import io.margay.cedar.value.RecordValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EntitiesTest {
  private static final EntityUid A = EntityUid.of("G", "a");
  private static final EntityUid B = EntityUid.of("G", "b");
  private static final EntityUid C = EntityUid.of("G", "c");

  private static Entity in(EntityUid uid, EntityUid... parents) {
    return Entity.of(uid, RecordValue.EMPTY, parents);
  }

  private static Set<EntityUid> ancestors(Entities entities, EntityUid uid) {
    return entities.find(uid).ancestors().toSet();
  }

  @Test
  void theHierarchyIsClosedAlsoOverParentsThatDoNotExist() {
    Entities entities = Entities.of(List.of(in(A, B), in(B, C)));
    assertThat(ancestors(entities, A)).containsExactlyInAnyOrder(B, C);
    assertThat(entities.find(C)).isNull();
    assertThat(entities.find(A).isIn(C)).isTrue();
    assertThat(entities.find(A).isIn(A)).isTrue();
  }

  @Test
  void circlesAreRefused() {
    assertThatThrownBy(() -> Entities.of(List.of(in(A, B), in(B, C), in(C, A))))
        .isInstanceOf(EntityException.class)
        .hasMessageContaining("its own ancestor");
    assertThatThrownBy(() -> Entities.of(List.of(in(A, A)))).isInstanceOf(EntityException.class);
    Entities entities = Entities.of(List.of(in(A, B), in(B, C)));
    assertThatThrownBy(() -> entities.with(in(C, A))).isInstanceOf(EntityException.class);
    assertThat(ancestors(entities, A)).containsExactlyInAnyOrder(B, C);
  }

  @Test
  void theSameEntityMayComeTwiceAndAnotherMayNot() {
    Entity other = Entity.of(A, RecordValue.of(Map.of("n", new LongValue(1))));
    assertThat(Entities.of(List.of(in(A), in(A))).size()).isEqualTo(1);
    assertThatThrownBy(() -> Entities.of(List.of(in(A), other)))
        .isInstanceOf(EntityException.class)
        .hasMessageContaining("given twice");
  }

  @Test
  void deepHierarchiesNeedNoDeepStack() {
    List<Entity> chain = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      chain.add(in(EntityUid.of("G", "g" + i), EntityUid.of("G", "g" + (i + 1))));
    }
    assertThat(Entities.of(chain).find(EntityUid.of("G", "g0")).ancestors().size())
        .isEqualTo(3_000);
  }

  /** A store that was changed one entity at a time is like one that was made at once. */
  @Test
  void changesOfOneEntityLeadToTheSameAsMakingItAnew() {
    for (long seed = 0; seed < 500; seed++) {
      RandomWorld world = new RandomWorld(seed);
      Map<EntityUid, Entity> current = new HashMap<>();
      Entities changed = Entities.EMPTY;
      List<Entity> steps = new ArrayList<>(world.entityList());
      steps.addAll(world.entityList());
      for (Entity step : steps) {
        try {
          changed = changed.with(step);
          current.put(step.uid(), step);
        } catch (EntityException e) {
          Map<EntityUid, Entity> wrong = new HashMap<>(current);
          wrong.put(step.uid(), step);
          assertThatThrownBy(() -> Entities.of(wrong.values())).isInstanceOf(EntityException.class);
        }
        if (world.random().nextInt(4) == 0) {
          changed = changed.without(step.uid());
          current.remove(step.uid());
        }
      }
      Entities anew = Entities.of(current.values());
      assertThat(changed.size()).isEqualTo(anew.size());
      Entities result = changed;
      anew.forEach(entity -> {
        assertThat(result.find(entity.uid()).entity()).isEqualTo(entity.entity());
        assertThat(ancestors(result, entity.uid())).isEqualTo(entity.ancestors().toSet());
      });
    }
  }
}
