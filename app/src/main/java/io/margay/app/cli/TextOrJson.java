package io.margay.app.cli;

/** How a command prints what it says: in lower case, as people write it behind {@code -o}. */
public enum TextOrJson {
  text,
  json
}
