package io.margay.agents.registry;

import io.margay.agents.call.Protocol;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What agents do, by Cedar's action ids, and what they do it to. */
final class Actions {
  /** Of a tool only: its arguments are typed. */
  static final String INVOKE_TOOL = "invokeTool";

  /**
   * An action.
   *
   * @param protocols that have it: it is in the group of each
   * @param resources entity types that it is done to
   */
  record Action(List<Protocol> protocols, List<String> resources) {}

  /** By id. The groups are {@code mcp}, {@code a2a} and {@code llm}. */
  static final Map<String, Action> ALL = Collections.unmodifiableMap(all());

  private Actions() {}

  private static Map<String, Action> all() {
    Map<String, Action> all = new TreeMap<>();
    put(all, Protocol.MCP, List.of("Tool"), INVOKE_TOOL);
    put(all, Protocol.MCP, List.of("Resource"), "readResource");
    put(all, Protocol.MCP, List.of("Prompt"), "getPrompt");
    put(all, Protocol.MCP, List.of("ToolServer", "Prompt", "Resource"), "complete");
    List<String> server = List.of("ToolServer");
    put(all, Protocol.MCP, server, "initialize", "ping", "discover", "setLogLevel", "listen");
    put(all, Protocol.MCP, server, "listTools", "listResources", "listPrompts");
    List<String> agent = List.of("Agent");
    put(all, Protocol.A2A, agent, "sendMessage", "getTask", "listTasks", "cancelTask", "getCard");
    put(all, Protocol.A2A, agent, "setPushConfig", "getPushConfig", "deletePushConfig");
    put(all, Protocol.LLM, List.of("Model"), "invokeModel", "embed");
    put(all, Protocol.LLM, List.of("ModelProvider"), "listModels");
    // To changes of a resource, and to those of a task.
    all.put(
        "subscribe",
        new Action(
            List.of(Protocol.MCP, Protocol.A2A), List.of("Resource", "ToolServer", "Agent")));
    return all;
  }

  private static void put(
      Map<String, Action> all, Protocol protocol, List<String> resources, String... ids) {
    for (String id : ids) {
      all.put(id, new Action(List.of(protocol), resources));
    }
  }
}
