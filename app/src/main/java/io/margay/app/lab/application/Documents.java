package io.margay.app.lab.application;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.margay.model.manifest.KubeObject;
import io.margay.model.manifest.Problem;
import io.margay.model.resource.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Splits manifest files into documents; a {@code List} becomes its items. */
final class Documents {
  private static final ObjectMapper YAML = new YAMLMapper();
  private static final ObjectMapper JSON = new JsonMapper();

  private Documents() {}

  static List<ManifestDocument> read(String file, String text, List<Problem> problems) {
    List<ManifestDocument> documents = new ArrayList<>();
    ObjectMapper mapper = file.endsWith(".json") ? JSON : YAML;
    try (MappingIterator<JsonNode> nodes = mapper.readerFor(JsonNode.class).readValues(text)) {
      for (int number = 1; nodes.hasNextValue(); number++) {
        add(file + ", document " + number, nodes.nextValue(), documents, problems);
      }
    } catch (JsonProcessingException e) {
      String where =
          e.getLocation() == null
              ? ""
              : "line " + e.getLocation().getLineNr() + ", column " + e.getLocation().getColumnNr();
      String reason = e.getOriginalMessage().lines().findFirst().orElse("not YAML");
      problems.add(new Problem(file, where, "", reason, ""));
    } catch (IOException e) {
      problems.add(new Problem(file, "", "", e.toString(), ""));
    }
    return documents;
  }

  private static void add(
      String place, JsonNode node, List<ManifestDocument> documents, List<Problem> problems) {
    if (node.isNull() || node.isMissingNode()) {
      return; // a document of comments only
    }
    if (!(node instanceof ObjectNode object)) {
      problems.add(new Problem(place, "", node.toString(), "not an object", "write kind and spec"));
    } else if (object.path("kind").asText().equals("List")) {
      int at = 0;
      for (JsonNode item : object.path("items")) {
        add(place + ", items[" + at++ + "]", item, documents, problems);
      }
    } else {
      documents.add(new ManifestDocument(place, object));
    }
  }

  static Optional<KubeObject> strict(ManifestDocument document, List<Problem> problems) {
    Optional<Kind> kind = Kind.of(document.apiVersion(), document.kind());
    if (kind.isEmpty()) {
      problems.add(new Problem(document.place(), "kind", document.kind(), "not a known kind", ""));
      return Optional.empty();
    }
    if (kind.get().namespaced()) {
      document.json().withObject("/metadata").put("namespace", document.namespace());
    }
    return Optional.of(new KubeObject(kind.get(), document.json()));
  }
}
