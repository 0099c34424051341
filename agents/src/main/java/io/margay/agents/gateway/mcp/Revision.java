package io.margay.agents.gateway.mcp;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Revisions of the protocol that are spoken. */
enum Revision {
  /** With sessions, and streams that the client opens. */
  R2025_03_26("2025-03-26", true),
  R2025_06_18("2025-06-18", true),
  R2025_11_25("2025-11-25", true),
  /** Every request stands alone. */
  R2026_07_28("2026-07-28", false);

  private final String text;
  private final boolean hasSessions;

  Revision(String text, boolean hasSessions) {
    this.text = text;
    this.hasSessions = hasSessions;
  }

  String text() {
    return text;
  }

  boolean hasSessions() {
    return hasSessions;
  }

  static Optional<Revision> of(String text) {
    return Arrays.stream(values()).filter(revision -> revision.text.equals(text)).findFirst();
  }

  static List<String> all() {
    return Arrays.stream(values()).map(Revision::text).toList();
  }
}
