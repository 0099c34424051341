package io.margay.app.agents.lab;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * What the model of the lab thinks, and what tools answer that do not answer as usual.
 *
 * @param model the calls that it asks for, by {@code AGENT: TASK}
 * @param tools answers by {@code SERVER/TOOL}
 */
public record Script(Map<String, List<PlannedCall>> model, Map<String, String> tools) {
  /** A model that has nothing to do. */
  public static final Script EMPTY = new Script(Map.of(), Map.of());

  public Script {
    model = Map.copyOf(model);
    tools = Map.copyOf(tools);
  }

  /**
   * A call that the model asks for.
   *
   * @param name {@code SERVER__TOOL}, or {@code agent__NAME} to hand the task on
   * @param arguments JSON
   */
  public record PlannedCall(String name, String arguments) {}

  /** Reads the members {@code model} and {@code tools}; each may be missing. */
  public static Script of(JsonNode json) {
    Map<String, List<PlannedCall>> model = new LinkedHashMap<>();
    json.path("model")
        .properties()
        .forEach(plan -> {
          List<PlannedCall> calls = new ArrayList<>();
          for (JsonNode call : plan.getValue()) {
            String arguments = call.path("arguments").toString();
            calls.add(new PlannedCall(call.path("call").asText(), arguments));
          }
          model.put(plan.getKey(), calls);
        });
    Map<String, String> tools = new LinkedHashMap<>();
    json.path("tools").properties().forEach(a -> tools.put(a.getKey(), a.getValue().asText()));
    return new Script(model, tools);
  }

  /** The documents of a YAML file that is in the program. */
  public static List<JsonNode> documents(String resource) throws IOException {
    List<JsonNode> documents = new ArrayList<>();
    new Yaml(new SafeConstructor(new LoaderOptions()))
        .loadAll(text(resource))
        .forEach(tree -> documents.add(LoopbackServer.JSON.valueToTree(tree)));
    return documents;
  }

  /** A text that is in the program. */
  static String text(String resource) throws IOException {
    try (InputStream in = Script.class.getResourceAsStream("/io/margay/app/agents/" + resource)) {
      if (in == null) {
        throw new IOException(resource + " is not in the program");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
