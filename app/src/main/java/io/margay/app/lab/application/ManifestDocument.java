package io.margay.app.lab.application;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * One document of a manifest file.
 *
 * @param place the file, for messages
 */
record ManifestDocument(String place, ObjectNode json) {
  private static final String DEFAULT_NAMESPACE = "default";

  String apiVersion() {
    return json.path("apiVersion").asText();
  }

  String kind() {
    return json.path("kind").asText();
  }

  String name() {
    return json.path("metadata").path("name").asText();
  }

  /** The namespace of a namespaced kind: {@code default} where none is written. */
  String namespace() {
    String written = json.path("metadata").path("namespace").asText();
    return written.isEmpty() ? DEFAULT_NAMESPACE : written;
  }

  JsonNode spec() {
    return json.path("spec");
  }

  /** {@code Deployment shop/cart}: how messages name it. */
  String title() {
    return kind() + " " + namespace() + "/" + name();
  }
}
