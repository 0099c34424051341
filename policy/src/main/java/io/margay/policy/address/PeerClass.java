package io.margay.policy.address;

import io.margay.model.net.IpFamily;

/** Addresses of one family of which the same is true. Compared by identity: each is made once. */
public final class PeerClass {
  private final IpFamily family;
  private final FactSet facts;
  private final int id;

  /** How many prefixes have this class. */
  int prefixes;

  PeerClass(IpFamily family, FactSet facts, int id) {
    this.family = family;
    this.facts = facts;
    this.id = id;
  }

  public IpFamily family() {
    return family;
  }

  public FactSet facts() {
    return facts;
  }

  /** The number that the decision tables give it. */
  public int id() {
    return id;
  }

  /** Whether no prefix has this class any more, so that it is none. */
  public boolean isEmpty() {
    return prefixes == 0;
  }

  @Override
  public String toString() {
    return "class " + id + " " + family + " " + facts;
  }
}
