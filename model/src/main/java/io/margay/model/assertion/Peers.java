package io.margay.model.assertion;

import io.margay.model.net.Cidr;
import io.margay.model.selector.Selector;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whom one side of an assertion names. */
public sealed interface Peers {

  /**
   * The endpoints that a selector matches, and the addresses of the network sets that it matches.
   *
   * @param text as it was written
   * @param namespaces what their namespaces must match; null for those of any, and of none
   * @param selector what they must match themselves; null for all in the namespaces
   */
  record Selected(String text, @Nullable Selector namespaces, @Nullable Selector selector)
      implements Peers {
    @Override
    public String toString() {
      return text;
    }
  }

  /** The addresses of a prefix, whoever has them. */
  record Within(Cidr cidr) implements Peers {
    @Override
    public String toString() {
      return cidr.toString();
    }
  }

  /** Every address that no pod and no host endpoint has. */
  record Outside() implements Peers {
    @Override
    public String toString() {
      return "outside";
    }
  }

  /** Every address there is. */
  record Anybody() implements Peers {
    @Override
    public String toString() {
      return "any";
    }
  }

  /** The prefixes that some of them name. */
  static Set<Cidr> prefixes(Collection<Peers> some) {
    Set<Cidr> prefixes = new HashSet<>();
    for (Peers peers : some) {
      if (peers instanceof Within(Cidr cidr)) {
        prefixes.add(cidr);
      }
    }
    return prefixes;
  }
}
