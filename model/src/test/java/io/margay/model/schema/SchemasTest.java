package io.margay.model.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.model.resource.Kind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SchemasTest {
  @ParameterizedTest
  @EnumSource(Kind.class)
  void everyKindHasADescribedSchemaWithoutReferences(Kind kind) {
    ObjectNode openApi = Schemas.openApi(kind);
    assertThat(openApi.toString()).doesNotContain("$ref");
    assertThat(openApi.findValues("x-kubernetes-group-version-kind")).hasSize(1);
    assertThat(Schemas.of(kind).properties()).containsKeys("apiVersion", "kind", "metadata");
    describedEverywhere(kind.kind(), openApi);
  }

  private static void describedEverywhere(String path, JsonNode schema) {
    assertThat(schema.path("description").asText()).as(path).isNotEmpty();
    schema
        .path("properties")
        .properties()
        .forEach(p -> describedEverywhere(path + "." + p.getKey(), p.getValue()));
    if (schema.path("items").has("properties")) {
      schema
          .path("items")
          .path("properties")
          .properties()
          .forEach(p -> describedEverywhere(path + "[]." + p.getKey(), p.getValue()));
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void openApiIsACopy(Kind kind) {
    Schemas.openApi(kind).removeAll();
    assertThat(Schemas.openApi(kind)).isNotEmpty();
  }
}
