package io.margay.agents.gateway.llm;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What was spent and is reserved, in windows that are not over. Of one thread at a time. */
final class Ledger {
  /** No reservation has this id. */
  static final long NOTHING = 0;

  private final Map<Account.Key, Balance> balances = new HashMap<>();
  private final Map<Long, Entry.Reserved> open = new HashMap<>();
  private long lastId;
  private Instant nextEnd = Instant.MAX;

  /** What happens to accounts. Cost is in millionths of the currency. */
  sealed interface Entry {

    /** From each of the accounts. */
    record Reserved(long id, List<Account.Key> accounts, long tokens, long cost) implements Entry {
      public Reserved {
        accounts = List.copyOf(accounts);
      }
    }

    /** What a reservation came to. */
    record Settled(long id, long tokens, long cost) implements Entry {}

    /** The sum of what was settled before. */
    record Spent(Account.Key account, long tokens, long cost) implements Entry {}
  }

  long nextId() {
    return lastId + 1;
  }

  Balance balance(Account.Key key) {
    return balances.getOrDefault(key, Balance.none(key));
  }

  void apply(Entry entry) {
    switch (entry) {
      case Entry.Reserved reserved -> {
        lastId = Math.max(lastId, reserved.id());
        open.put(reserved.id(), reserved);
        for (Account.Key key : reserved.accounts()) {
          put(balance(key).reserve(reserved.tokens(), reserved.cost()));
        }
      }
      case Entry.Settled settled -> settle(settled);
      case Entry.Spent(Account.Key key, long tokens, long cost) ->
          put(balance(key).spend(tokens, cost));
    }
  }

  private void settle(Entry.Settled settled) {
    Entry.Reserved reserved = open.remove(settled.id());
    if (reserved == null) {
      return;
    }
    for (Account.Key key : reserved.accounts()) {
      // A window that is over has forgotten the reservation.
      if (balances.containsKey(key)) {
        put(
            balance(key)
                .reserve(-reserved.tokens(), -reserved.cost())
                .spend(settled.tokens(), settled.cost()));
      }
    }
  }

  private void put(Balance balance) {
    balances.put(balance.key(), balance);
    Instant end = balance.key().ends();
    if (end.isBefore(nextEnd)) {
      nextEnd = end;
    }
  }

  /** Forgets windows that are over, and reservations that have nothing else. */
  void forget(Instant now) {
    if (now.isBefore(nextEnd)) {
      return;
    }
    balances.keySet().removeIf(key -> key.isOver(now));
    open.values()
        .removeIf(reserved -> reserved.accounts().stream().allMatch(key -> key.isOver(now)));
    nextEnd =
        balances.keySet().stream()
            .map(Account.Key::ends)
            .min(Instant::compareTo)
            .orElse(Instant.MAX);
  }

  List<Balance> balances() {
    return List.copyOf(balances.values());
  }

  /** The fewest entries that lead to what this ledger has. */
  List<Entry> entries() {
    List<Entry> entries = new ArrayList<>();
    for (Balance balance : balances.values()) {
      if (balance.tokens() != 0 || balance.cost() != 0) {
        entries.add(new Entry.Spent(balance.key(), balance.tokens(), balance.cost()));
      }
    }
    entries.addAll(open.values());
    return entries;
  }
}
