package io.margay.agents.gateway.llm;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What has been spent. A call first reserves the most that it can cost, so that many at once cannot
 * overspend together, and settles what it did cost when it is over. Of many threads.
 */
public final class Budgets {
  private final InstantSource clock;
  private final Map<String, Account> accounts = new HashMap<>();

  public Budgets(InstantSource clock) {
    this.clock = clock;
  }

  /** Spent or reserved in a window. */
  private static final class Account {
    private long windowStart;
    private long tokens;
    private long cost;
  }

  /** Part of an account, taken for one call. */
  private record Taken(Account account, long windowStart) {}

  /** Taken from all budgets of a call, until it is settled. */
  public final class Reservation {
    private final List<Taken> taken;
    private final long tokens;
    private final long cost;
    private boolean settled;

    private Reservation(List<Taken> taken, long tokens, long cost) {
      this.taken = taken;
      this.tokens = tokens;
      this.cost = cost;
    }

    /** Puts what was spent in the place of what was reserved. A second time changes nothing. */
    public void settle(long spentTokens, long spentCost) {
      synchronized (accounts) {
        if (settled) {
          return;
        }
        settled = true;
        for (Taken part : taken) {
          // A window that is over has forgotten the reservation.
          if (part.account().windowStart == part.windowStart()) {
            part.account().tokens += spentTokens - tokens;
            part.account().cost += spentCost - cost;
          }
        }
      }
    }

    public void cancel() {
      settle(0, 0);
    }

    public long tokens() {
      return tokens;
    }

    public long cost() {
      return cost;
    }
  }

  /** A budget has not enough left. */
  public static final class Exceeded extends Exception {
    private static final long serialVersionUID = 1;

    private final String reason;

    private final long retryAfterSeconds;

    Exceeded(String message, long retryAfterSeconds) {
      super(message, null, false, false);
      reason = message;
      this.retryAfterSeconds = retryAfterSeconds;
    }

    /** What is wrong, for the caller. */
    public String reason() {
      return reason;
    }

    /** When the window is over. */
    public long retryAfterSeconds() {
      return retryAfterSeconds;
    }
  }

  /** Reserves from all of the budgets, or from none. */
  public Reservation reserve(List<Budget> budgets, long tokens, long cost) throws Exceeded {
    Instant now = clock.instant();
    synchronized (accounts) {
      List<Taken> taken = new ArrayList<>(budgets.size());
      for (Budget budget : budgets) {
        long length = budget.window().toSeconds();
        long start = Math.floorDiv(now.getEpochSecond(), length) * length;
        Account account = accounts.computeIfAbsent(budget.owner() + length, _ -> new Account());
        if (account.windowStart != start) {
          account.windowStart = start;
          account.tokens = 0;
          account.cost = 0;
        }
        if (tokens > budget.tokens() - account.tokens || cost > budget.cost() - account.cost) {
          throw new Exceeded(
              "the budget of %s has %s left of %s, and this call may take %s"
                  .formatted(
                      budget.owner(),
                      amount(budget.tokens() - account.tokens, budget.cost() - account.cost),
                      amount(budget.tokens(), budget.cost()),
                      amount(tokens, cost)),
              Math.max(1, start + length - now.getEpochSecond()));
        }
        taken.add(new Taken(account, start));
      }
      for (Taken part : taken) {
        part.account().tokens += tokens;
        part.account().cost += cost;
      }
      return new Reservation(taken, tokens, cost);
    }
  }

  private static String amount(long tokens, long cost) {
    String text = tokens > Long.MAX_VALUE / 2 ? "any number of tokens" : tokens + " tokens";
    return cost > Long.MAX_VALUE / 2 ? text : text + " and %.6f in cost".formatted(cost / 1e6);
  }

  /** What an owner has spent or reserved in the current window; empty when nothing. */
  public Optional<Long> tokensOf(Budget budget) {
    synchronized (accounts) {
      return Optional.ofNullable(accounts.get(budget.owner() + budget.window().toSeconds()))
          .map(account -> account.tokens);
    }
  }
}
