package io.margay.policy.address;

import io.margay.model.net.Protocol;
import it.unimi.dsi.fastutil.ints.Int2ObjectMap;
import it.unimi.dsi.fastutil.ints.Int2ObjectOpenHashMap;
import it.unimi.dsi.fastutil.longs.Long2IntMap;
import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Numbers the answers to questions, so that what is true of an address is a set of ints. A question
 * has one base fact, "yes"; questions about ports have one more for each protocol and port.
 */
public final class FactTable {

  /**
   * A fact.
   *
   * @param base the question's base fact; the fact itself if it is one
   * @param port {@code protocol << 16 | port}, or -1 for a base fact
   * @param hash of the content, the same in every process
   */
  private record Fact(Question question, int base, int port, long hash) {}

  private final Map<Question, Entry> questions = new HashMap<>();
  private final Int2ObjectMap<Fact> facts = new Int2ObjectOpenHashMap<>();
  private int next = 1;

  private static final class Entry {
    final int base;
    final Long2IntMap ports = new Long2IntOpenHashMap(2);
    int users;

    Entry(int base) {
      this.base = base;
    }
  }

  /** The base fact of a question, which is known from now on. */
  public int acquire(Question question) {
    Entry entry =
        questions.computeIfAbsent(
            question,
            asked -> {
              int base = next++;
              long hash = new ContentHash("fact").add(asked.toString()).value();
              facts.put(base, new Fact(asked, base, -1, hash));
              return new Entry(base);
            });
    entry.users++;
    return entry.base;
  }

  /** Whether this was the last user, so that the question and its facts are forgotten. */
  public boolean release(Question question) {
    Entry entry = Objects.requireNonNull(questions.get(question), "never acquired");
    if (--entry.users > 0) {
      return false;
    }
    questions.remove(question);
    facts.remove(entry.base);
    entry.ports.values().forEach(facts::remove);
    return true;
  }

  /** How many users a question has. */
  public int users(Question question) {
    Entry entry = questions.get(question);
    return entry == null ? 0 : entry.users;
  }

  /** The base fact of a question that is known. */
  public int base(Question question) {
    return Objects.requireNonNull(questions.get(question), "never acquired").base;
  }

  /** The fact that a port belongs to the answer. */
  public int portFact(Question question, Protocol protocol, int port) {
    Entry entry = Objects.requireNonNull(questions.get(question), "never acquired");
    int key = protocol.number() << 16 | port;
    return entry.ports.computeIfAbsent(
        key,
        k -> {
          int fact = next++;
          long hash = new ContentHash("fact").add(question.toString()).add(k).value();
          facts.put(fact, new Fact(question, entry.base, key, hash));
          return fact;
        });
  }

  /** The base fact of the question that a fact answers. */
  public int baseOf(int fact) {
    return fact(fact).base;
  }

  /** {@code protocol << 16 | port}, or -1 for a base fact. */
  public int portOf(int fact) {
    return fact(fact).port;
  }

  /** A hash of what the fact says, the same in every process. */
  public long hashOf(int fact) {
    return fact(fact).hash;
  }

  public int questionCount() {
    return questions.size();
  }

  private Fact fact(int fact) {
    return Objects.requireNonNull(facts.get(fact), "unknown fact");
  }
}
