package io.margay.console.policies;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Writes stored objects as their authors would: without what servers add. */
public final class PolicyYaml {
  private static final YAMLMapper MAPPER =
      YAMLMapper.builder()
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
          .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
          .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
          .build();

  private static final Set<String> SERVER_FIELDS =
      Set.of("managedFields", "uid", "resourceVersion", "generation", "creationTimestamp");

  static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

  private PolicyYaml() {}

  public static String of(ObjectNode object) {
    ObjectNode shown = object.deepCopy();
    shown.remove("status");
    if (shown.path("metadata") instanceof ObjectNode metadata) {
      metadata.remove(SERVER_FIELDS);
      if (metadata.path("annotations") instanceof ObjectNode annotations) {
        annotations.remove(LAST_APPLIED);
        if (annotations.isEmpty()) {
          metadata.remove("annotations");
        }
      }
    }
    return text(shown);
  }

  /** Each rule of a list of rules. */
  static List<String> rules(JsonNode rules) {
    List<String> texts = new ArrayList<>(rules.size());
    rules.forEach(rule -> texts.add(text(rule)));
    return texts;
  }

  private static String text(JsonNode node) {
    try {
      return MAPPER.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can always be written", e);
    }
  }
}
