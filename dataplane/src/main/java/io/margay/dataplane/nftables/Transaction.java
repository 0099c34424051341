package io.margay.dataplane.nftables;

import io.margay.dataplane.DeltaTracker;
import io.margay.kernel.nft.RulesetBatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Part of the difference between our table as it is and as it should be, written as one batch that
 * the kernel takes as a whole or not at all.
 *
 * <p>The kernel switches to the new state in one instant, but a packet that is just being judged
 * sees its first lookups before that instant and its last ones after it (only rules stay as they
 * were when it entered). So what a lookup result refers to must be there before the result and go
 * after it. A plain change takes up to three transactions (what is not plain, see {@link
 * Handover}):
 *
 * <ol>
 *   <li>{@link #additions}: new sets, chains and ids, which nothing refers to yet;
 *   <li>{@link #changes}: addresses and interfaces get their new classes and groups, rules change;
 *   <li>{@link #removals}: ids, chains and sets to which nothing refers any more.
 * </ol>
 */
final class Transaction {
  /** Elements in one command; a longer line gains nothing. */
  private static final int ELEMENTS_PER_COMMAND = 4096;

  private final String table;
  private final Ruleset ruleset;
  private final StringBuilder commands = new StringBuilder();
  private final List<Runnable> confirmations = new ArrayList<>();
  private final RulesetBatch batch;
  private int batched;
  private boolean batchWillDo = true;

  private Transaction(String table, Ruleset ruleset) {
    this.table = "inet " + table;
    this.ruleset = ruleset;
    this.batch = new RulesetBatch(table);
  }

  /**
   * What must be there before anything changes: new chains, sets and ids, which nothing refers to
   * yet, and the old values of keys that are about to change. New ids alone can come with the
   * changes.
   */
  static Transaction additions(String table, Ruleset ruleset) {
    Transaction transaction = new Transaction(table, ruleset);
    if (!ruleset.tableExists()) {
      return transaction;
    }
    boolean newObjects = transaction.hasNewObjects();
    if (newObjects) {
      transaction.addObjects(false);
    }
    ruleset
        .allElements()
        .forEach((set, content) -> {
          if (ruleset.isDeclared(set)) {
            if (newObjects && Layout.isKeyedById(set)) {
              transaction.addNewElements(set, content);
            }
            transaction.keepOldValues(set, content);
          }
        });
    return transaction;
  }

  /** Everything new but what belongs into these maps, whose new values are in shadows. */
  static Transaction besides(Set<String> maps, String table, Ruleset ruleset) {
    Transaction transaction = new Transaction(table, ruleset);
    transaction.addObjects(false);
    ruleset
        .allElements()
        .forEach((set, content) -> {
          if (ruleset.isDeclared(set) && Layout.isKeyedById(set) && !maps.contains(set)) {
            transaction.changeElements(set, content);
          }
        });
    return transaction;
  }

  /** All rules, and nothing else. */
  static Transaction rules(String table, Ruleset ruleset) {
    Transaction transaction = new Transaction(table, ruleset);
    transaction.addObjects(true);
    transaction.rewriteChains();
    return transaction;
  }

  /** What belongs into these maps and out of them, and all other elements that are to be set. */
  static Transaction elements(Set<String> maps, String table, Ruleset ruleset) {
    Transaction transaction = new Transaction(table, ruleset);
    ruleset
        .allElements()
        .forEach((set, content) -> {
          if (ruleset.isDeclared(set)) {
            if (maps.contains(set) && Layout.isKeyedById(set)) {
              transaction.removeElements(set, content);
            }
            transaction.changeElements(set, content);
          }
        });
    return transaction;
  }

  /** Everything but removals of what packets may still have been referred to. */
  static Transaction changes(String table, Ruleset ruleset) {
    Transaction transaction = new Transaction(table, ruleset);
    if (!ruleset.tableExists()) {
      transaction.command("add table " + transaction.table);
      transaction.confirmations.add(ruleset::confirmTable);
    }
    transaction.addObjects(true);
    transaction.rewriteChains();
    Departures departures = Departures.of(ruleset);
    ruleset
        .allElements()
        .forEach((set, content) -> {
          if (ruleset.isDeclared(set)) {
            if (ruleset.groupMaps().contains(set) && departures.allowRemovalsFrom(content)) {
              transaction.removeElements(set, content);
            }
            transaction.changeElements(set, content);
          }
        });
    return transaction;
  }

  /** What is left: everything that should not be there. */
  static Transaction removals(String table, Ruleset ruleset) {
    Transaction transaction = new Transaction(table, ruleset);
    ruleset
        .allElements()
        .forEach((set, content) -> {
          if (ruleset.isDeclared(set)) {
            transaction.removeElements(set, content);
          }
        });
    transaction.removeObjects();
    return transaction;
  }

  /** A table with its sets, in which there is nothing yet. */
  static Transaction emptySets(String table, Ruleset ruleset) {
    Transaction transaction = new Transaction(table, ruleset);
    transaction.command("add table " + transaction.table);
    transaction.confirmations.add(ruleset::confirmTable);
    transaction.addSets();
    return transaction;
  }

  /** Some of a set's elements. */
  static Transaction some(String set, List<ElementKey> keys, String table, Ruleset ruleset) {
    Transaction transaction = new Transaction(table, ruleset);
    transaction.addElements(set, ruleset.elements(set), keys);
    return transaction;
  }

  /** The whole table under a name under which there is none. */
  static Transaction whole(String table, Ruleset ruleset) {
    ruleset.replaceActual(TableListing.absent());
    Transaction transaction = new Transaction(table, ruleset);
    // Deleting a table that is not there is an error, adding one that is there is not.
    transaction.command("add table " + transaction.table);
    transaction.command("delete table " + transaction.table);
    transaction.command("add table " + transaction.table);
    transaction.confirmations.add(ruleset::confirmTable);
    transaction.addObjects(true);
    ruleset.allElements().forEach(transaction::addNewElements);
    return transaction;
  }

  boolean isEmpty() {
    return confirmations.isEmpty();
  }

  /** The commands as nft reads them. */
  String commands() {
    return commands.toString();
  }

  /** Whether it can be sent as a batch, without libnftables. */
  boolean isSmall() {
    return batchWillDo && batched <= RulesetBatch.MAX_MESSAGES;
  }

  RulesetBatch batch() {
    return batch;
  }

  /** The kernel has taken it. */
  void confirm() {
    confirmations.forEach(Runnable::run);
  }

  /**
   * Puts values that are about to change into the map's twin, from where the removals take them.
   */
  private void keepOldValues(String map, DeltaTracker<ElementKey, ElementValue> content) {
    String twin = Ruleset.twin(map);
    if (content.inSync() || !isThere(map) || !isThere(twin)) {
      return;
    }
    Map<ElementKey, ElementValue> old = new HashMap<>();
    if (spec(map).intervals()) {
      old.putAll(content.actual());
    } else {
      content.forEachToSet((key, value) -> {
        ElementValue before = content.actual(key);
        if (before != null) {
          old.put(key, before);
        }
      });
    }
    DeltaTracker<ElementKey, ElementValue> kept = ruleset.elements(twin);
    old.keySet().removeAll(kept.actual().keySet()); // a process before was killed here
    add(twin, old, (key, value) -> kept.found(key, value));
  }

  private boolean isThere(String set) {
    return ruleset.isDeclared(set) && ruleset.sets().actual(set) != null;
  }

  private boolean hasNewObjects() {
    boolean[] found = new boolean[1];
    ruleset
        .chains()
        .forEachToSet((name, chain) -> found[0] |= ruleset.chains().actual(name) == null);
    ruleset.sets().forEachToSet((name, spec) -> found[0] = true);
    return found[0];
  }

  /** Rules, which refer to everything, come after sets and chains. */
  private void addObjects(boolean withHooks) {
    each(ruleset.counters(), (name, counter) -> command("add counter " + named(name)));
    addSets();
    List<String> added = new ArrayList<>();
    ruleset
        .chains()
        .forEachToSet((name, chain) -> {
          if (ruleset.chains().actual(name) == null && (withHooks || chain.hook() == null)) {
            added.add(name);
          }
        });
    for (String name : added) {
      Chain.Hook hook = chain(name).hook();
      if (hook == null) {
        commands.append("add chain ").append(named(name)).append('\n');
        batched(() -> batch.addChain(name));
      } else {
        command("add chain " + named(name) + " " + hook.declaration());
      }
    }
    added.forEach(this::addRules);
  }

  private void addSets() {
    each(
        ruleset.sets(),
        (name, spec) ->
            command("add " + spec.command() + " " + named(name) + " " + spec.declaration()));
  }

  private <V> void each(DeltaTracker<String, V> tracker, BiConsumer<String, V> add) {
    tracker.forEachToSet((name, value) -> {
      add.accept(name, value);
      confirmations.add(() -> tracker.confirm(name));
    });
  }

  private void rewriteChains() {
    List<String> changed = new ArrayList<>();
    ruleset
        .chains()
        .forEachToSet((name, chain) -> {
          if (ruleset.chains().actual(name) != null) {
            changed.add(name);
          }
        });
    for (String name : changed) {
      flush(name);
      addRules(name);
    }
  }

  private void addRules(String name) {
    for (Chain.Rule rule : chain(name).rules()) {
      commands.append("add rule ").append(named(name)).append(' ').append(rule.withComment());
      commands.append('\n');
      batched(rule.direct(), direct -> batch.addRule(name, direct.instructions(), rule.digest()));
    }
    confirmations.add(() -> ruleset.chains().confirm(name));
  }

  private void flush(String chain) {
    commands.append("flush chain ").append(named(chain)).append('\n');
    batched(() -> batch.flushChain(chain));
  }

  private Chain chain(String name) {
    return Objects.requireNonNull(ruleset.chains().desired().get(name), name);
  }

  /**
   * Rules refer to sets and elements to chains, so: rules, then sets with elements, then chains.
   */
  private void removeObjects() {
    ruleset.chains().forEachToRemove(this::flush);
    ruleset
        .sets()
        .forEachToRemove(name -> {
          SetSpec spec = Objects.requireNonNull(ruleset.sets().actual(name));
          command("delete " + spec.command() + " " + named(name));
          confirmations.add(() -> ruleset.confirmDropped(name));
        });
    ruleset
        .chains()
        .forEachToRemove(name -> {
          commands.append("delete chain ").append(named(name)).append('\n');
          batched(() -> batch.deleteChain(name));
          confirmations.add(() -> ruleset.chains().confirm(name));
        });
    ruleset
        .counters()
        .forEachToRemove(name -> {
          command("delete counter " + named(name));
          confirmations.add(() -> ruleset.counters().confirm(name));
        });
  }

  private void addNewElements(String set, DeltaTracker<ElementKey, ElementValue> content) {
    List<ElementKey> added = new ArrayList<>();
    content.forEachToSet((key, value) -> {
      if (content.actual(key) == null) {
        added.add(key);
      }
    });
    addElements(set, content, added);
  }

  private void changeElements(String set, DeltaTracker<ElementKey, ElementValue> content) {
    if (content.inSync()) {
      return;
    }
    if (content.desired().isEmpty() && Layout.isKeyedById(set)) {
      return; // nothing to set: what is left goes with the removals
    }
    List<ElementKey> added = new ArrayList<>();
    List<ElementKey> deleted = new ArrayList<>();
    if (spec(set).intervals()) {
      // Neighbouring ranges share their borders: these small maps are written anew as a whole.
      command("flush " + spec(set).command() + " " + named(set));
      added.addAll(content.desired().keySet());
      content.forEachToRemove(key -> confirmations.add(() -> content.confirm(key)));
    } else {
      content.forEachToSet((key, value) -> {
        added.add(key);
        if (content.actual(key) != null) {
          deleted.add(key);
        }
      });
      if (!Layout.isKeyedById(set)) {
        content.forEachToRemove(deleted::add);
      }
    }
    deleteElements(set, content, deleted);
    addElements(set, content, added);
  }

  private void removeElements(String set, DeltaTracker<ElementKey, ElementValue> content) {
    List<ElementKey> gone = new ArrayList<>();
    content.forEachToRemove(gone::add);
    deleteElements(set, content, gone);
  }

  private void deleteElements(
      String set, DeltaTracker<ElementKey, ElementValue> content, List<ElementKey> keys) {
    inParts("delete", set, keys.stream().map(ElementKey::text).toList());
    for (ElementKey key : keys) {
      batched(KernelBytes.key(key), bytes -> batch.delete(set, bytes));
      confirmations.add(() -> content.confirm(key));
    }
  }

  private void addElements(
      String set, DeltaTracker<ElementKey, ElementValue> content, List<ElementKey> keys) {
    Map<ElementKey, ElementValue> added = HashMap.newHashMap(keys.size());
    keys.forEach(key -> added.put(key, Objects.requireNonNull(content.desired().get(key))));
    add(set, added, (key, value) -> content.confirm(key));
  }

  private void add(
      String set,
      Map<ElementKey, ElementValue> elements,
      BiConsumer<ElementKey, ElementValue> confirmation) {
    List<String> texts = new ArrayList<>(elements.size());
    elements.forEach((key, value) -> {
      texts.add(value.after(key.text()));
      batched(KernelBytes.key(key), bytes -> add(set, bytes, value));
      confirmations.add(() -> confirmation.accept(key, value));
    });
    inParts("add", set, texts);
  }

  private void add(String set, byte[] key, ElementValue value) {
    switch (value) {
      case ElementValue.Goto(String chain) -> batch.addGoto(set, key, chain);
      case ElementValue.Mark(int mark) -> batch.add(set, key, KernelBytes.number(mark));
      case ElementValue.Nothing _ -> batch.add(set, key, null);
    }
  }

  /** Puts something into the batch, as long as a batch will do: what is null has no such form. */
  private <T> void batched(@Nullable T content, Consumer<T> action) {
    if (content == null) {
      batchWillDo = false;
    } else {
      batched(() -> action.accept(content));
    }
  }

  private void batched(Runnable message) {
    if (isSmall()) {
      batched++;
      message.run();
    }
  }

  private void inParts(String verb, String set, List<String> all) {
    for (int from = 0; from < all.size(); from += ELEMENTS_PER_COMMAND) {
      List<String> part = all.subList(from, Math.min(all.size(), from + ELEMENTS_PER_COMMAND));
      commands
          .append(verb)
          .append(" element ")
          .append(named(set))
          .append(" { ")
          .append(String.join(", ", part))
          .append(" }\n");
    }
  }

  private SetSpec spec(String set) {
    return Objects.requireNonNull(ruleset.sets().desired().get(set), set);
  }

  private String named(String name) {
    return table + " " + name;
  }

  private void command(String text) {
    batchWillDo = false;
    commands.append(text).append('\n');
  }
}
