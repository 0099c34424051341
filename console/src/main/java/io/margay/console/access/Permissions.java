package io.margay.console.access;

import io.margay.model.resource.ResourceKey;
import java.util.Set;

/**
 * What a user may see and change. A flow belongs to the namespace of the endpoint that was judged:
 * that of the source if the source reports it, that of the destination otherwise.
 */
public interface Permissions {

  /** Whether everything may be seen, also what belongs to no namespace. */
  boolean seesAll();

  /** The namespaces whose flows and policies may be seen; means nothing if all may be. */
  Set<String> namespaces();

  /** Whether some policy somewhere may be changed: whether the page should offer it at all. */
  boolean edits();

  /**
   * Whether something may be done to an object.
   *
   * @param key without a name where all objects of the kind are meant
   * @param tier of the policy; empty for what is in none
   */
  boolean permits(Verb verb, ResourceKey key, String tier);

  /** Whether what is in a namespace may be seen; empty for what is in none. */
  default boolean sees(String namespace) {
    return seesAll() || (!namespace.isEmpty() && namespaces().contains(namespace));
  }

  /** What is done to an object, with the words of role bindings. */
  enum Verb {
    LIST("list"),
    CREATE("create"),
    UPDATE("update"),
    DELETE("delete"),
    /** To say yes or no to a held call: a right of its own, beside that to change objects. */
    APPROVE("approve");

    private final String word;

    Verb(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }
  }

  /** Everything. */
  Permissions ALL = new Fixed(true, true);

  /** To see everything and change nothing. */
  Permissions LOOK = new Fixed(true, false);

  /** Nothing. */
  Permissions NONE = new Fixed(false, false);

  /** The same for all that there is. */
  record Fixed(boolean look, boolean change) implements Permissions {
    @Override
    public boolean seesAll() {
      return look;
    }

    @Override
    public Set<String> namespaces() {
      return Set.of();
    }

    @Override
    public boolean edits() {
      return change;
    }

    @Override
    public boolean permits(Verb verb, ResourceKey key, String tier) {
      return verb == Verb.LIST ? look : change;
    }
  }
}
