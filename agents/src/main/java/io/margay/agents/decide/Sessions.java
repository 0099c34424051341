package io.margay.agents.decide;

import io.margay.agents.call.Caller;
import io.margay.agents.registry.SessionFacts;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What each session did, for policies such as: nothing goes out after customer data was read.
 *
 * <p>A session is a user's calls through the same first agent, or that agent's calls without a
 * user. Trace ids do not count: callers choose them, and could begin anew at will. A session is
 * forgotten when nothing happened in it for a while. Of no more than a bounded number is anything
 * known; beyond it the one that was quiet for longest is evicted, and until an evicted session
 * would have been forgotten anyway, every session that is not known counts as having read all data.
 * Thread-safe.
 */
public final class Sessions {
  private final int most;
  private final Duration forgotten;
  private final Map<String, Facts> known = new LinkedHashMap<>(16, 0.75f, true);
  private Instant incompleteUntil;
  private long evicted;

  private static final class Facts {
    private final Set<String> read = new HashSet<>();
    private long calls;
    private Instant last;

    Facts(Instant last) {
      this.last = last;
    }
  }

  /**
   * No sessions yet.
   *
   * @param most how many are known at a time
   * @param forgotten how long a session must be quiet to be forgotten
   * @param incompleteUntil until when there may be sessions of which we do not know: after a
   *     restart that time from now on, or the past when there were none
   */
  public Sessions(int most, Duration forgotten, Instant incompleteUntil) {
    if (most < 1) {
      throw new IllegalArgumentException("at least one session must be known");
    }
    this.most = most;
    this.forgotten = forgotten;
    this.incompleteUntil = incompleteUntil;
  }

  /**
   * What a caller's session did so far.
   *
   * @param everything what counts as read in a session that is not known
   */
  synchronized SessionFacts facts(Caller caller, Set<String> everything, Instant now) {
    forget(now);
    Facts facts = known.get(key(caller));
    if (facts != null) {
      return new SessionFacts(facts.calls, facts.read);
    }
    return now.isBefore(incompleteUntil) ? new SessionFacts(0, everything) : SessionFacts.NONE;
  }

  /**
   * A call goes on, or may after it was approved. Also to be called for each such call of an audit
   * log, when what happened before a restart is to be known again.
   *
   * @param before what is known to have been read before, if the session is a new one here
   */
  public synchronized void note(Caller caller, Set<String> read, Set<String> before, Instant now) {
    Facts facts =
        known.computeIfAbsent(
            key(caller),
            _ -> {
              Facts fresh = new Facts(now);
              fresh.read.addAll(before);
              return fresh;
            });
    facts.calls++;
    facts.read.addAll(read);
    if (now.isAfter(facts.last)) {
      facts.last = now;
    }
    if (known.size() > most) {
      evictEldest();
    }
  }

  private void evictEldest() {
    Iterator<Facts> eldest = known.values().iterator();
    Instant until = eldest.next().last.plus(forgotten);
    eldest.remove();
    evicted++;
    if (until.isAfter(incompleteUntil)) {
      incompleteUntil = until;
    }
  }

  private void forget(Instant now) {
    Iterator<Facts> quiet = known.values().iterator();
    while (quiet.hasNext() && quiet.next().last.plus(forgotten).isBefore(now)) {
      quiet.remove();
    }
  }

  /** How many sessions were evicted for want of room. */
  public synchronized long evicted() {
    return evicted;
  }

  /** How many are known. */
  public synchronized int size() {
    return known.size();
  }

  private static String key(Caller caller) {
    String first = caller.chain().isEmpty() ? caller.workload() : caller.chain().getFirst();
    return caller
        .user()
        .map(user -> first + "\n" + user.issuer() + "\n" + user.subject())
        .orElse(first);
  }
}
