package io.margay.model.resource;

import java.util.List;

/**
 * What a tool's input schema says about its arguments.
 *
 * @param open whether a call may have others, which no policy can look at
 */
public record ToolArguments(List<Argument> declared, boolean open) {

  public ToolArguments {
    declared = List.copyOf(declared);
  }

  /** An argument, as far as policies can look at it. */
  public record Argument(String name, Type type, boolean required) {}

  /** The types that policies know. */
  public enum Type {
    TEXT,
    INTEGER,
    /** A number with at most four digits behind the point. */
    DECIMAL,
    FLAG,
    TEXTS,
    INTEGERS,
    /** Anything else: policies see it only in the JSON text of all arguments. */
    OTHER
  }
}
