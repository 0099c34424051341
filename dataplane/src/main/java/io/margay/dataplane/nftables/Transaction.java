package io.margay.dataplane.nftables;

import io.margay.dataplane.DeltaTracker;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Writes the commands that turn our table as it is into what it should be. libnftables sends them
 * as one batch, which the kernel takes as a whole or not at all; a packet sees the state before or
 * the one after.
 *
 * <p>Order: sets and chains first, so that rules and elements find them; elements are deleted
 * before others are added, so that a key can change its value; chains are emptied before any is
 * deleted, so that none is still jumped to.
 */
final class Transaction {
  /** Elements in one command; a longer line gains nothing. */
  private static final int ELEMENTS_PER_COMMAND = 4096;

  private final String table;
  private final Ruleset ruleset;
  private final StringBuilder commands = new StringBuilder();

  private Transaction(String table, Ruleset ruleset) {
    this.table = "inet " + table;
    this.ruleset = ruleset;
  }

  /** The commands for the difference; empty when there is none. */
  static String difference(String table, Ruleset ruleset) {
    return ruleset.inSync() ? "" : new Transaction(table, ruleset).write();
  }

  /** The commands that replace whatever our table holds now by what it should hold. */
  static String replacement(String table, Ruleset ruleset) {
    ruleset.replaceActual(TableListing.absent());
    Transaction whole = new Transaction(table, ruleset);
    // Deleting a table that is not there is an error, adding one that is there is not.
    whole.command("add table " + whole.table);
    whole.command("delete table " + whole.table);
    return whole.write();
  }

  private String write() {
    if (!ruleset.tableExists()) {
      command("add table " + table);
    }
    ruleset.counters().forEachToSet((name, c) -> command("add counter " + named(name)));
    ruleset
        .sets()
        .forEachToSet((name, spec) ->
            command("add " + spec.command() + " " + named(name) + " " + spec.declaration()));
    addChains();
    ruleset.allElements().forEach(this::deleteElements);
    ruleset.allElements().forEach(this::addElements);
    // Rules refer to sets and elements to chains, so: rules, then sets with elements, then chains.
    ruleset.chains().forEachToRemove(name -> command("flush chain " + named(name)));
    ruleset.sets().forEachToRemove(this::removeSet);
    ruleset.counters().forEachToRemove(name -> command("delete counter " + named(name)));
    ruleset.chains().forEachToRemove(name -> command("delete chain " + named(name)));
    return commands.toString();
  }

  private void addChains() {
    DeltaTracker<String, Chain> chains = ruleset.chains();
    chains.forEachToSet((name, chain) -> {
      if (chains.actual(name) == null) {
        Chain.Hook hook = chain.hook();
        command("add chain " + named(name) + (hook == null ? "" : " " + hook.declaration()));
      } else {
        command("flush chain " + named(name));
      }
    });
    chains.forEachToSet((name, chain) ->
        chain
            .rules()
            .forEach(rule -> command("add rule " + named(name) + " " + rule.withComment())));
  }

  private void removeSet(String name) {
    SetSpec spec = Objects.requireNonNull(ruleset.sets().actual(name));
    command("delete " + spec.command() + " " + named(name));
  }

  private void deleteElements(String set, DeltaTracker<ElementKey, ElementValue> content) {
    if (content.inSync() || !content.hasActual() || !ruleset.isDeclared(set)) {
      return;
    }
    if (intervals(set)) {
      // Neighbouring ranges share their borders: these small maps are written anew as a whole.
      command("flush " + spec(set).command() + " " + named(set));
      return;
    }
    List<String> keys = new ArrayList<>();
    content.forEachToRemove(key -> keys.add(key.text()));
    content.forEachToSet((key, value) -> {
      if (content.actual(key) != null) {
        keys.add(key.text());
      }
    });
    elementCommands("delete", set, keys);
  }

  private void addElements(String set, DeltaTracker<ElementKey, ElementValue> content) {
    if (content.inSync() || !ruleset.isDeclared(set)) {
      return;
    }
    List<String> added = new ArrayList<>();
    if (intervals(set)) {
      content.desired().forEach((key, value) -> added.add(value.after(key.text())));
    } else {
      content.forEachToSet((key, value) -> added.add(value.after(key.text())));
    }
    elementCommands("add", set, added);
  }

  private void elementCommands(String verb, String set, List<String> all) {
    for (int from = 0; from < all.size(); from += ELEMENTS_PER_COMMAND) {
      List<String> part = all.subList(from, Math.min(all.size(), from + ELEMENTS_PER_COMMAND));
      command(verb + " element " + named(set) + " { " + String.join(", ", part) + " }");
    }
  }

  private boolean intervals(String set) {
    return spec(set).intervals();
  }

  private SetSpec spec(String set) {
    Map<String, SetSpec> desired = ruleset.sets().desired();
    return Objects.requireNonNull(desired.get(set), set);
  }

  private String named(String name) {
    return table + " " + name;
  }

  private void command(String text) {
    commands.append(text).append('\n');
  }
}
