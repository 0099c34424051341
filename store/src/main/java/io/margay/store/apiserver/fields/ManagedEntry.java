package io.margay.store.apiserver.fields;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The fields that one manager owns by one way of writing.
 *
 * @param time when its fields last changed
 */
record ManagedEntry(Owner owner, String time, FieldSet fields) {

  /**
   * Who owns.
   *
   * @param applied whether by server-side apply; otherwise by ordinary writes
   * @param subresource {@code status}, or empty for the object itself
   */
  record Owner(String manager, boolean applied, String apiVersion, String subresource) {}

  ManagedEntry withFields(FieldSet other) {
    return new ManagedEntry(owner, time, other);
  }

  static ManagedEntry fromJson(JsonNode json) {
    return new ManagedEntry(
        new Owner(
            json.path("manager").asText(),
            json.path("operation").asText().equals("Apply"),
            json.path("apiVersion").asText(),
            json.path("subresource").asText()),
        json.path("time").asText(),
        FieldSet.fromJson(json.path("fieldsV1")));
  }

  ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("manager", owner.manager)
        .put("operation", owner.applied ? "Apply" : "Update")
        .put("apiVersion", owner.apiVersion)
        .put("time", time)
        .put("fieldsType", "FieldsV1")
        .set("fieldsV1", fields.toJson());
    if (!owner.subresource.isEmpty()) {
      json.put("subresource", owner.subresource);
    }
    return json;
  }
}
