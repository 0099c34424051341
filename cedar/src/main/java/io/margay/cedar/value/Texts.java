package io.margay.cedar.value;

import org.jspecify.annotations.Nullable;

/**
 * Gives texts that are equal the same object, as far as there is room: policies, entities and
 * requests name the same types, ids and attributes over and over, and comparing them is most of
 * what a decision does. A table of fixed size in which a newer text takes the place of an older
 * one, so that texts from outside cannot fill memory. Races lose a place, never a text.
 */
final class Texts {
  private static final int PLACES = 4096;

  /** Longer ones are rare, and would be kept alive. */
  private static final int LONGEST = 64;

  private static final @Nullable String[] KNOWN = new String[PLACES];

  private Texts() {}

  /** A text equal to this one. */
  static String known(String text) {
    if (text.length() > LONGEST) {
      return text;
    }
    int hash = text.hashCode();
    int place = (hash ^ hash >>> 12) & PLACES - 1;
    String known = KNOWN[place];
    if (known != null && known.equals(text)) {
      return known;
    }
    KNOWN[place] = text;
    return text;
  }
}
