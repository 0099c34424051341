package io.margay.model.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.margay.model.resource.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CustomResourceDefinitionsTest {
  private static final Path FILES = Path.of("..", "deploy", "crds");

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {
        "AGENT",
        "AGENT_GROUP",
        "AGENT_HALT",
        "AGENT_POLICY",
        "APPROVAL",
        "BUDGET",
        "LIVE_MIGRATION",
        "MODEL_PROVIDER",
        "POLICY_ASSERTION",
        "POLICY_RECOMMENDATION_SCOPE",
        "TOOL_SERVER",
        "TOOL_SET"
      })
  void theFileOfEveryKindSaysWhatTheSchemaSays(Kind kind) throws IOException {
    ObjectNode definition = CustomResourceDefinitions.of(kind);
    JsonNode file =
        new YAMLMapper().readTree(Files.readString(FILES.resolve(kind.plural() + ".yaml")));

    // By way of text, since a number may be another kind of node in one of the two.
    YAMLMapper yaml = new YAMLMapper();
    assertThat(file).isEqualTo(yaml.readTree(yaml.writeValueAsString(definition)));
    assertThat(definition.toString()).doesNotContain("x-margay", "patch-strategy", "merge-key");
  }
}
