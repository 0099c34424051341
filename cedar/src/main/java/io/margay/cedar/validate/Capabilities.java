package io.margay.cedar.validate;

import io.margay.cedar.ast.Expr;
import io.margay.cedar.ast.Span;
import io.margay.cedar.value.StringValue;
import java.util.HashSet;
import java.util.Set;

/**
 * The optional attributes and tags that are known to exist where an expression stands, because a
 * {@code has} or {@code hasTag} before it was true.
 */
record Capabilities(Set<Capability> known) {
  static final Capabilities NONE = new Capabilities(Set.of());

  /** That this expression, read again with the same request, has this attribute or tag. */
  record Capability(Expr target, Expr key, boolean tag) {}

  Capabilities {
    known = Set.copyOf(known);
  }

  static Capability attribute(Expr target, String name) {
    return new Capability(target, new Expr.Literal(new StringValue(name), Span.NONE), false);
  }

  static Capability tag(Expr target, Expr key) {
    return new Capability(target, key, true);
  }

  static Capabilities of(Capability capability) {
    return new Capabilities(Set.of(capability));
  }

  boolean has(Capability capability) {
    return known.contains(capability);
  }

  Capabilities union(Capabilities other) {
    if (known.containsAll(other.known)) {
      return this;
    }
    Set<Capability> all = new HashSet<>(known);
    all.addAll(other.known);
    return new Capabilities(all);
  }

  Capabilities intersection(Capabilities other) {
    Set<Capability> both = new HashSet<>(known);
    both.retainAll(other.known);
    return new Capabilities(both);
  }
}
