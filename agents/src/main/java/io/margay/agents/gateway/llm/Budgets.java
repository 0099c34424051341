package io.margay.agents.gateway.llm;

import io.margay.agents.gateway.llm.Ledger.Entry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has been spent. A call first reserves the most that it can cost, so that many at once cannot
 * overspend together, and settles what it did cost when it is over. With a journal, a reservation
 * is on the disk before its call goes on: what a crash leaves unsettled stays reserved until its
 * window is over, since nobody knows what the call has cost. Of many threads.
 */
public final class Budgets implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Budgets.class);

  /** A journal of fewer lines is not worth to be written anew. */
  private static final int SHORTEST = 10_000;

  private final InstantSource clock;
  private final Journal journal;
  private final Ledger ledger;

  /** Where it is kept what the ledger has. Writing is of one thread at a time. */
  interface Journal extends AutoCloseable {
    /** Keeps nothing. */
    Journal NONE =
        new Journal() {
          @Override
          public long write(Entry entry) {
            return 0;
          }

          @Override
          public void force(long position) {}

          @Override
          public void shorten(Ledger ledger) {}

          @Override
          public void close() {}
        };

    /**
     * Writes an entry or, where that fails, nothing of it.
     *
     * @return what to force to have it on the disk
     */
    long write(Entry entry) throws IOException;

    /** Comes back when all up to a position is on the disk. Of many threads. */
    void force(long position) throws IOException;

    /** Forgets what the ledger does not need any more, if that is worth the work. */
    void shorten(Ledger ledger) throws IOException;

    @Override
    void close() throws IOException;
  }

  /** Budgets that are full again after a restart. */
  public Budgets(InstantSource clock) {
    this(new Ledger(), Journal.NONE, clock);
  }

  private Budgets(Ledger ledger, Journal journal, InstantSource clock) {
    this.ledger = ledger;
    this.journal = journal;
    this.clock = clock;
  }

  /**
   * Budgets with a journal.
   *
   * @param file of one process at a time; begun if it is not there
   * @throws IOException if it cannot be used, or is damaged: then nobody knows what was spent
   */
  public static Budgets open(Path file, InstantSource clock) throws IOException {
    return open(file, SHORTEST, clock);
  }

  static Budgets open(Path file, int shortest, InstantSource clock) throws IOException {
    Ledger ledger = new Ledger();
    JournalFile journal = JournalFile.open(file, shortest, ledger, clock.instant());
    return new Budgets(ledger, journal, clock);
  }

  /** Taken from all budgets of a call, until it is settled. */
  public final class Reservation {
    private final long id;
    private final long tokens;
    private final long cost;
    private final AtomicBoolean settled = new AtomicBoolean();

    private Reservation(long id, long tokens, long cost) {
      this.id = id;
      this.tokens = tokens;
      this.cost = cost;
    }

    /** Puts what was spent in the place of what was reserved. A second time changes nothing. */
    public void settle(long spentTokens, long spentCost) {
      if (id != Ledger.NOTHING && !settled.getAndSet(true)) {
        Budgets.this.settle(new Entry.Settled(id, spentTokens, spentCost));
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

    public Exceeded(String message, long retryAfterSeconds) {
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

  /**
   * Reserves from all of the accounts, or from none; when this returns, it survives a crash.
   *
   * @throws IOException when that cannot be written: the call is not to go on
   */
  public Reservation reserve(List<Account> accounts, long tokens, long cost)
      throws Exceeded, IOException {
    if (accounts.isEmpty()) {
      return new Reservation(Ledger.NOTHING, tokens, cost);
    }
    Instant now = clock.instant();
    Entry.Reserved entry;
    long position;
    synchronized (ledger) {
      for (Account account : accounts) {
        check(account, ledger.balance(account.keyAt(now)), now, tokens, cost);
      }
      List<Account.Key> keys = accounts.stream().map(account -> account.keyAt(now)).toList();
      entry = new Entry.Reserved(ledger.nextId(), keys, tokens, cost);
      position = journal.write(entry);
      ledger.apply(entry);
      ledger.forget(now);
    }
    Reservation reservation = new Reservation(entry.id(), tokens, cost);
    try {
      journal.force(position);
      synchronized (ledger) {
        journal.shorten(ledger);
      }
    } catch (IOException e) {
      reservation.cancel();
      throw e;
    }
    return reservation;
  }

  private static void check(Account account, Balance balance, Instant now, long tokens, long cost)
      throws Exceeded {
    long leftTokens = account.tokens() - balance.takenTokens();
    long leftCost = account.cost() - balance.takenCost();
    if (tokens > leftTokens || cost > leftCost) {
      throw new Exceeded(
          "budget %s has %s left of %s for %s until %s, and this call may take %s"
              .formatted(
                  account.budget(),
                  amount(account, Math.max(0, leftTokens), Math.max(0, leftCost)),
                  amount(account, account.tokens(), account.cost()),
                  account.owner(),
                  balance.key().ends(),
                  amount(account, tokens, cost)),
          Math.max(1, balance.key().ends().getEpochSecond() - now.getEpochSecond()));
    }
  }

  /** Of what the account limits. */
  private static String amount(Account account, long tokens, long cost) {
    String both = "%d tokens and a cost of %.6f".formatted(tokens, cost / 1e6);
    if (account.cost() == Long.MAX_VALUE) {
      return tokens + " tokens";
    }
    return account.tokens() == Long.MAX_VALUE ? "a cost of %.6f".formatted(cost / 1e6) : both;
  }

  /** What was spent is spent, also when it cannot be written: after a restart it is reserved. */
  private void settle(Entry.Settled entry) {
    try {
      long position;
      synchronized (ledger) {
        ledger.apply(entry);
        position = journal.write(entry);
      }
      journal.force(position);
    } catch (IOException e) {
      log.warn("What a call has cost could not be written: {}", e.getMessage());
    }
  }

  /** How all accounts stand that were used in the current window of theirs. */
  public List<Balance> balances() {
    synchronized (ledger) {
      ledger.forget(clock.instant());
      return ledger.balances();
    }
  }

  @Override
  public void close() throws IOException {
    synchronized (ledger) {
      journal.close();
    }
  }
}
