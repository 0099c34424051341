package io.margay.app.cli;

/** How a command prints what it found: in lower case, as people write it behind {@code -o}. */
public enum TableOrJson {
  table,
  json
}
