package io.margay.agents.call;

/** What is spoken with the other side of a call. */
public enum Protocol {
  /** Agent to tool: the Model Context Protocol. */
  MCP,
  /** Agent to agent. */
  A2A,
  /** Agent to model: an OpenAI-compatible or Anthropic API. */
  LLM,
  /** To an address that the registry does not know: never permitted. */
  HTTP
}
