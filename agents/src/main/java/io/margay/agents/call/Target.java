package io.margay.agents.call;

/**
 * What is called.
 *
 * @param server the resource's name in the registry: an Agent, a ToolServer or a ModelProvider
 * @param name of the tool, resource, prompt or model there; empty when the server itself is meant
 */
public record Target(Kind kind, String server, String name) {

  /** What it is. */
  public enum Kind {
    AGENT,
    TOOL,
    RESOURCE,
    PROMPT,
    MODEL,
    TOOL_SERVER,
    /** Host and port that no server of the registry has; the server's name is this address. */
    ADDRESS
  }

  @Override
  public String toString() {
    return kind + " " + server + (name.isEmpty() ? "" : "/" + name);
  }
}
