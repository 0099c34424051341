package io.margay.agents.approval;

import io.margay.agents.call.AgentCall;
import io.margay.agents.call.Ruling;
import io.margay.model.manifest.KubeObject;
import io.margay.model.manifest.ResourceDecoder;
import io.margay.model.resource.Approval;
import io.margay.model.resource.Approval.State;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceChange;
import io.margay.model.resource.ResourceKey;
import io.margay.store.ResourceStore;
import io.margay.store.ResourceStream;
import io.margay.store.StoreException;
import io.margay.store.StreamListener;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Holds calls until people have decided about them. Held calls are Approval objects of a store, so
 * that they survive a restart, and people may decide in any process that reaches the store. An
 * approval holds for one call with the arguments that were shown, once, and not for long.
 * Thread-safe.
 */
public final class ApprovalDesk implements AutoCloseable {
  private static final int TRIES = 10;

  private final ResourceStore store;
  private final InstantSource clock;
  private final Supplier<String> names;
  private final int mostOpen;
  private final List<Consumer<Approval>> listeners = new CopyOnWriteArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** All that the store has, by name. Guarded by the lock. */
  private final Map<String, Approval> approvals = new TreeMap<>();

  private final ResourceStream stream;

  /**
   * Opens a desk on a store. The store stays the caller's.
   *
   * @param names makes names for new approvals, each one once
   * @param mostOpen how many calls of one agent may wait at a time: an agent that asks for more
   *     tires its approvers, and is refused
   */
  public ApprovalDesk(
      ResourceStore store, InstantSource clock, Supplier<String> names, int mostOpen) {
    this.store = store;
    this.clock = clock;
    this.names = names;
    this.mostOpen = mostOpen;
    // What was held before a restart has to be known before anything is asked for.
    store.list(Kind.APPROVAL, "").items().forEach(this::remember);
    this.stream = ResourceStream.start(store, Set.of(Kind.APPROVAL), new Follower());
  }

  /** Tells every approval that is asked for here, after it is stored. */
  public void onAsked(Consumer<Approval> listener) {
    listeners.add(listener);
  }

  /**
   * Puts a held call before the approvers; when this returns, it is stored.
   *
   * @param agent name of the calling agent
   * @throws ApprovalRefusedException when too many of the agent's calls wait already
   * @throws StoreException when it cannot be stored
   */
  public Approval ask(AgentCall call, String agent, Ruling held) throws ApprovalRefusedException {
    Ruling.Hold hold =
        held.approval()
            .orElseThrow(() -> new IllegalArgumentException("the call is not held: " + held));
    Approval asked;
    lock.lock();
    try {
      Instant now = clock.instant();
      long open =
          approvals.values().stream()
              .filter(approval -> approval.spec().agent().equals(agent))
              .filter(approval -> ApprovalRules.stateOf(approval, now) == State.PENDING)
              .count();
      if (open >= mostOpen) {
        throw new ApprovalRefusedException(
            open + " calls of agent " + agent + " wait for approval already");
      }
      asked =
          remember(store.create(ApprovalObjects.asked(names.get(), call, agent, held, hold, now)));
    } finally {
      lock.unlock();
    }
    listeners.forEach(listener -> listener.accept(asked));
    return asked;
  }

  /**
   * Says yes or no for a person.
   *
   * @param reason needed for a no
   * @return the approval afterwards
   * @throws ApprovalRefusedException when this person may not, or it is too late
   */
  public Approval decide(String name, Approver approver, boolean approves, String reason)
      throws ApprovalRefusedException {
    return write(
        name,
        (object, approval) -> {
          requireState(approval, State.PENDING);
          ApprovalRules.check(approval, approver, reason, approves);
          KubeObject voted =
              ApprovalObjects.withVote(object, approver.name(), approves, reason, clock.instant());
          State state = ApprovalRules.stateOf(decoded(voted), clock.instant());
          return ApprovalObjects.withState(voted, state);
        });
  }

  /**
   * Takes an approval for a call that goes on now. It can be taken once.
   *
   * @throws ApprovalRefusedException when it was not approved, is used up or too old, or was asked
   *     for another call
   */
  public Approval take(String name, AgentCall call) throws ApprovalRefusedException {
    return write(
        name,
        (object, approval) -> {
          requireState(approval, State.APPROVED);
          Optional<String> difference = ApprovalRules.difference(approval, call);
          if (difference.isPresent()) {
            throw new ApprovalRefusedException(
                "approval " + name + " does not hold for this call: " + difference.get());
          }
          return ApprovalObjects.withState(object, State.USED);
        });
  }

  private void requireState(Approval approval, State needed) throws ApprovalRefusedException {
    State state = stateOf(approval);
    if (state != needed) {
      throw new ApprovalRefusedException(
          "approval " + approval.metadata().name() + " is " + word(state) + reasonOf(approval));
    }
  }

  private static String word(State state) {
    return switch (state) {
      case PENDING -> "not decided yet";
      case APPROVED -> "approved already";
      case REFUSED -> "refused";
      case EXPIRED -> "too old";
      case USED -> "used up";
    };
  }

  private static String reasonOf(Approval approval) {
    return approval.status().votes().stream()
        .filter(vote -> !vote.approves())
        .findFirst()
        .map(vote -> " by " + vote.approver() + ": " + vote.reason())
        .orElse("");
  }

  /** A change of one approval, given its newest state. */
  private interface Change {
    KubeObject apply(KubeObject object, Approval approval) throws ApprovalRefusedException;
  }

  /** Whoever else writes in between makes the store refuse, and the change is tried anew. */
  private Approval write(String name, Change change) throws ApprovalRefusedException {
    for (int i = 0; i < TRIES; i++) {
      KubeObject object =
          store
              .get(ApprovalObjects.key(name))
              .orElseThrow(() -> new ApprovalRefusedException("there is no approval " + name));
      KubeObject next = change.apply(object, decoded(object));
      try {
        return remember(store.updateStatus(next));
      } catch (StoreException e) {
        if (e.reason() != StoreException.Reason.CONFLICT) {
          throw e;
        }
      }
    }
    throw new ApprovalRefusedException(
        "approval " + name + " is being changed by others; try again");
  }

  /**
   * Waits until a held call is decided.
   *
   * @return its state then; PENDING when the time is over
   */
  public State await(String name, Duration atMost) throws InterruptedException {
    long nanos = atMost.toNanos();
    lock.lockInterruptibly();
    try {
      while (true) {
        Approval approval = approvals.get(name);
        State state = approval == null ? State.REFUSED : stateOf(approval);
        if (state != State.PENDING || nanos <= 0) {
          return state;
        }
        // Nobody signals when time is over for an approval.
        long step = Math.min(nanos, TimeUnit.SECONDS.toNanos(1));
        nanos -= step - Math.max(0, changed.awaitNanos(step));
      }
    } finally {
      lock.unlock();
    }
  }

  /** The approval, if there is one. */
  public Optional<Approval> find(String name) {
    return store.get(ApprovalObjects.key(name)).map(ApprovalDesk::decoded);
  }

  /** All that are kept, by name. */
  public List<Approval> list() {
    lock.lock();
    try {
      return List.copyOf(approvals.values());
    } finally {
      lock.unlock();
    }
  }

  /** How far an approval is now. */
  public State stateOf(Approval approval) {
    return ApprovalRules.stateOf(approval, clock.instant());
  }

  /** How much approvers have to do. */
  public ApprovalLoad load() {
    return ApprovalLoad.of(list(), clock.instant());
  }

  /**
   * Deletes what is decided and was asked for longer ago than that.
   *
   * @return how many
   */
  public int prune(Duration kept) {
    Instant before = clock.instant().minus(kept);
    List<Approval> old = new ArrayList<>();
    for (Approval approval : list()) {
      Instant asked = approval.spec().asked();
      if (asked != null && asked.isBefore(before) && stateOf(approval) != State.PENDING) {
        old.add(approval);
      }
    }
    for (Approval approval : old) {
      store.delete(approval.key(), "");
      forget(approval.metadata().name());
    }
    return old.size();
  }

  private void forget(String name) {
    lock.lock();
    try {
      approvals.remove(name);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private static Approval decoded(KubeObject object) {
    return (Approval) ResourceDecoder.decode(object).resource();
  }

  private Approval remember(KubeObject object) {
    Approval approval = decoded(object);
    lock.lock();
    try {
      approvals.merge(object.name(), approval, ApprovalDesk::newer);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    return approval;
  }

  /** The stream may still be about to tell what was overtaken by a write of ours. */
  private static Approval newer(Approval known, Approval told) {
    return version(told) >= version(known) ? told : known;
  }

  private static long version(Approval approval) {
    String version = approval.metadata().resourceVersion();
    return version.isEmpty() ? 0 : Long.parseLong(version);
  }

  /** Ends following the store. Calls that wait go on waiting for their time to be over. */
  @Override
  public void close() {
    stream.close();
  }

  /** Takes what other processes write. */
  private final class Follower implements StreamListener {
    @Override
    public void changed(ResourceChange change) {
      lock.lock();
      try {
        switch (change) {
          case ResourceChange.Upsert(Approval approval) ->
              approvals.merge(approval.metadata().name(), approval, ApprovalDesk::newer);
          case ResourceChange.Upsert _ -> {}
          // What was there before the stream began, and is not now, is told by nobody.
          case ResourceChange.InSync _ ->
              approvals.keySet().removeIf(name -> store.get(ApprovalObjects.key(name)).isEmpty());
          case ResourceChange.Removed(ResourceKey key) -> approvals.remove(key.name());
        }
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }
}
