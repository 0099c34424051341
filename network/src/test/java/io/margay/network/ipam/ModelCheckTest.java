package io.margay.network.ipam;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.model.manifest.KubeObject;
import io.margay.model.net.IpAddress;
import io.margay.model.resource.BlockOwner;
import io.margay.model.resource.Kind;
import io.margay.network.ipam.StepStore.Contents;
import io.margay.network.ipam.StepStore.Op;
import io.margay.store.local.MemoryStore;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Every interleaving of three nodes over the real allocator, where each operation on the store is a
 * step, up to {@link #MOST_STEPS} of each. In every state, whoever believes to have an address has
 * it, and nobody else; and from every state all addresses can be had again once the handles are
 * released.
 *
 * <p>A node that crashes is a node that takes no further step. So each state is also one in which
 * any of the three have crashed, and what the others do then is among the interleavings.
 *
 * <p>States are told apart by what is stored and by what each node was answered, since its next
 * step depends on nothing else.
 */
class ModelCheckTest {
  private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");
  private static final int ADDRESSES = 4;

  /**
   * Two who undo each other's work can do so until they give up, so schedules are followed until
   * somebody has taken this many steps. Who is not disturbed needs about ten.
   */
  private static final int MOST_STEPS = 24;

  private static final String POOL =
      """
      apiVersion: projectcalico.org/v3
      kind: IPPool
      metadata: {name: pods}
      spec: {cidr: 10.0.0.0/30, blockSize: 31}
      """;

  /** What an actor believes to have, as far as it got. */
  private static final class Belief {
    private final Set<Holding> held = new HashSet<>();

    void got(Assignment assignment) {
      held.addAll(assignment.holdings());
    }

    void leaving(String handle) {
      held.removeIf(holding -> holding.handle().equals(handle));
    }
  }

  private interface Actor {
    void run(AddressAllocator allocator, Belief belief);
  }

  private static Actor takes(String node, int count) {
    return (allocator, belief) ->
        belief.got(allocator.assign(AddressRequest.workload(node, node).with(count, 0)));
  }

  private static Actor takesAndReleases(String node) {
    return (allocator, belief) -> {
      belief.got(allocator.assign(AddressRequest.workload(node, node)));
      belief.leaving(node);
      allocator.releaseHandle(node);
    };
  }

  private static Actor releases(String handle) {
    return (allocator, belief) -> allocator.releaseHandle(handle);
  }

  @Test
  void claimsAndBorrows() {
    explore(POOL, List.of(), takes("a", 1), takes("b", 1), takes("c", 1));
  }

  @Test
  void releasesBesideClaims() {
    explore(POOL, after(POOL, NOW, takes("c", 1)), takes("a", 1), takes("b", 1), releases("c"));
  }

  /** Node a has an empty block for long, b has the other and gives up an address of it. */
  @Test
  void reclaimsFromAnOwnerThatComesBack() {
    List<KubeObject> before =
        after(POOL, NOW.minusSeconds(3600), takesAndReleases("a"), takes("b", 2));
    explore(POOL, before, takes("a", 1), releases("b"), takes("c", 1));
  }

  /** Node a is forgotten as gone while it still asks, and c borrows. */
  @Test
  void forgetsAnOwnerThatIsNotGone() {
    List<KubeObject> before = after(POOL, NOW, takesAndReleases("a"), takes("b", 1));
    Actor forgetsA = (allocator, belief) -> allocator.forget(BlockOwner.node("a"));
    explore(POOL, before, takes("a", 1), forgetsA, takes("c", 1));
  }

  /** A pod's address is collected as garbage by handle while the node still assigns to it. */
  @Test
  void releasesAHandleWhileItIsGiven() {
    Actor loses =
        (allocator, belief) -> allocator.assign(AddressRequest.workload("a", "a").with(2, 0));
    explore(POOL, after(POOL, NOW, takes("c", 1)), loses, releases("a"), releases("c"));
  }

  /** What is stored after these have run one after another. */
  private static List<KubeObject> after(String yaml, Instant when, Actor... actors) {
    try (MemoryStore store = new MemoryStore()) {
      World.objects(yaml).forEach(store::create);
      for (Actor actor : actors) {
        actor.run(new AddressAllocator(store, () -> when, new Random(1)), new Belief());
      }
      List<KubeObject> all = new ArrayList<>();
      for (Kind kind : Kind.values()) {
        if (kind.isAboutAddresses() && kind != Kind.IP_POOL) {
          all.addAll(store.list(kind, "").items());
        }
      }
      return all;
    }
  }

  /**
   * A state, in numbers for what was seen before: cheap to compare.
   *
   * @param contents what is stored
   * @param a what the first actor was answered so far
   */
  private record State(int contents, int a, int b, int c) {
    int history(int actor) {
      return actor == 0 ? a : actor == 1 ? b : c;
    }

    State after(int newContents, int actor, int history) {
      return new State(
          newContents,
          actor == 0 ? history : a,
          actor == 1 ? history : b,
          actor == 2 ? history : c);
    }
  }

  /** The answers that an actor has had, as a chain; the number of the chain is its place. */
  private record Link(int before, int answer, int length) {}

  /** Where an actor stands after some answers: at an operation, by its number, or at its end. */
  private record Standing(int op, Set<Holding> held) {
    private static final int ENDED = -1;
  }

  /** An operation on what is stored, by their numbers: many states have it in common. */
  private record Doing(int contents, int op) {}

  /** What it leads to, in numbers too. */
  private record Outcome(int contents, int answer) {}

  /** Gives equal things the same number. */
  private static final class Numbers<T> {
    private final List<T> things = new ArrayList<>();
    private final Map<T, Integer> numbers = new HashMap<>();

    int of(T thing) {
      Integer known = numbers.putIfAbsent(thing, things.size());
      if (known != null) {
        return known;
      }
      things.add(thing);
      return things.size() - 1;
    }

    T get(int number) {
      return things.get(number);
    }
  }

  private static final class Exploration {
    private final Contents start;
    private final Actor[] actors;
    private final Numbers<Contents> contents = new Numbers<>();
    private final Numbers<Op> ops = new Numbers<>();
    private final Numbers<Object> answers = new Numbers<>();
    private final Map<Doing, Outcome> outcomes = new HashMap<>();
    private final Numbers<Link> links = new Numbers<>();
    private final List<Map<Integer, Standing>> standings = new ArrayList<>();
    private final Map<Integer, Map<IpAddress, Holding>> held = new HashMap<>();

    Exploration(Contents start, Actor... actors) {
      this.start = start;
      this.actors = actors;
      links.of(new Link(-1, answers.of("start"), 0));
      Arrays.stream(actors).forEach(a -> standings.add(new HashMap<>()));
    }

    int run() {
      Set<State> seen = new HashSet<>();
      Deque<State> open = new ArrayDeque<>();
      open.push(new State(contents.of(start), 0, 0, 0));
      while (!open.isEmpty()) {
        State state = open.pop();
        if (seen.add(state)) {
          check(state);
          for (int i = 0; i < actors.length; i++) {
            int op = standing(i, state).op();
            if (op != Standing.ENDED && links.get(state.history(i)).length() < MOST_STEPS) {
              open.push(step(state, i, op));
            }
          }
        }
      }
      return seen.size();
    }

    private State step(State state, int actor, int op) {
      Outcome outcome =
          outcomes.computeIfAbsent(
              new Doing(state.contents(), op),
              doing -> {
                Contents.Done done = contents.get(doing.contents()).apply(ops.get(doing.op()));
                return new Outcome(contents.of(done.after()), answers.of(done.answer()));
              });
      int length = links.get(state.history(actor)).length() + 1;
      int history = links.of(new Link(state.history(actor), outcome.answer(), length));
      return state.after(outcome.contents(), actor, history);
    }

    private Standing standing(int actor, State state) {
      return standings
          .get(actor)
          .computeIfAbsent(
              state.history(actor),
              history -> {
                Deque<Object> had = new ArrayDeque<>();
                for (int at = history; at > 0; at = links.get(at).before()) {
                  had.addFirst(answers.get(links.get(at).answer()));
                }
                StepStore store = new StepStore(start, List.copyOf(had));
                Belief belief = new Belief();
                int op = Standing.ENDED;
                try {
                  actors[actor].run(new AddressAllocator(store, () -> NOW, new Random(7)), belief);
                } catch (StepStore.Pause pause) {
                  op = ops.of(pause.op);
                }
                return new Standing(op, Set.copyOf(belief.held));
              });
    }

    /** Whoever believes to have an address has it, and nobody believes to have another's. */
    private void check(State state) {
      Map<IpAddress, Holding> stored =
          held.computeIfAbsent(state.contents(), n -> checkNothingIsLost(contents.get(n)));
      Map<IpAddress, Holding> believed = new HashMap<>();
      for (int i = 0; i < actors.length; i++) {
        for (Holding holding : standing(i, state).held()) {
          assertThat(believed.put(holding.address(), holding)).as("held twice").isNull();
          assertThat(stored.get(holding.address())).isEqualTo(holding);
        }
      }
    }

    /**
     * Releases all handles as a collector of garbage would, and then takes the whole pool.
     *
     * @return what was held before
     */
    private static Map<IpAddress, Holding> checkNothingIsLost(Contents contents) {
      try (ContentsStore store = new ContentsStore(contents)) {
        Map<IpAddress, Holding> before = World.held(store);
        AddressAllocator later =
            new AddressAllocator(store, () -> NOW.plusSeconds(120), new Random(3));
        List.of("a", "b", "c").forEach(later::releaseHandle);
        assertThat(World.held(store)).as("addresses without a handle").isEmpty();
        Assignment all = later.assign(AddressRequest.workload("d", "d").with(ADDRESSES, 0));
        assertThat(all.shortages()).isEmpty();
        assertThat(World.held(store)).hasSize(ADDRESSES);
        return before;
      }
    }
  }

  private static void explore(String yaml, List<KubeObject> before, Actor... actors) {
    Contents contents = new Contents(new TreeMap<>(), new TreeMap<>());
    List<KubeObject> all = new ArrayList<>(World.objects(yaml));
    all.addAll(before);
    for (KubeObject object : all) {
      contents = contents.apply(new Op.Create(object)).after();
    }
    int states = new Exploration(contents, actors).run();
    // Far fewer would mean that the actors did not get to do what they are there for.
    assertThat(states).isGreaterThan(1_000);
  }
}
