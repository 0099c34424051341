package io.margay.store.apiserver;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.Kind;
import io.margay.store.apiserver.ApiException.Reason;
import io.margay.store.apiserver.http.ApiRequest;
import io.margay.store.apiserver.http.MediaType;
import io.margay.store.table.Column;
import io.margay.store.table.Columns;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/**
 * The form in which a client wants to see objects of a kind: as they are, as their metadata only,
 * or as rows of a table.
 */
final class Presentation {
  private static final String META = "meta.k8s.io";

  /** The three forms, and which of the client's accepted types asked for it. */
  private enum Form {
    OBJECT,
    METADATA,
    TABLE
  }

  private final Kind kind;
  private final Form form;
  private final MediaType type;
  private final String includeObject;
  private final InstantSource clock;

  private Presentation(
      Kind kind, Form form, MediaType type, String includeObject, InstantSource clock) {
    this.kind = kind;
    this.form = form;
    this.type = type;
    this.includeObject = includeObject;
    this.clock = clock;
  }

  /**
   * The best form that the client accepts.
   *
   * @throws ApiException NOT_ACCEPTABLE if it accepts none
   */
  static Presentation of(Kind kind, ApiRequest request, InstantSource clock) {
    MediaType type =
        request
            .accept()
            .firstJson(Presentation::isKnown)
            .orElseThrow(() ->
                new ApiException(
                    Reason.NOT_ACCEPTABLE,
                    "only the following media types are accepted: application/json,"
                        + " application/json;as=Table;v=v1;g=meta.k8s.io"));
    Form form =
        switch (type.as()) {
          case "Table" -> Form.TABLE;
          case "" -> Form.OBJECT;
          default -> Form.METADATA;
        };
    String include = request.query().text("includeObject");
    return new Presentation(kind, form, type, include, clock);
  }

  private static boolean isKnown(MediaType type) {
    return switch (type.as()) {
      case "" -> true;
      case "Table", "PartialObjectMetadata", "PartialObjectMetadataList" ->
          type.group().equals(META) && type.version().equals("v1");
      default -> false;
    };
  }

  /** The content type of what the other methods return. */
  String contentType() {
    return form == Form.OBJECT
        ? type.name()
        : type.name() + ";as=" + type.as() + ";v=" + type.version() + ";g=" + type.group();
  }

  /** One object, also as the content of a watch event. */
  ObjectNode one(ObjectNode object) {
    return switch (form) {
      case OBJECT -> object;
      case METADATA -> metadata(object);
      case TABLE -> {
        ObjectNode table = table();
        String version = object.path("metadata").path("resourceVersion").asText();
        table.putObject("metadata").put("resourceVersion", version);
        table.putArray("rows").add(row(object, clock.instant()));
        yield table;
      }
    };
  }

  /**
   * A list of objects.
   *
   * @param listMetadata the metadata of the list itself
   */
  ObjectNode list(List<KubeObject> objects, ObjectNode listMetadata) {
    ObjectNode list =
        switch (form) {
          case OBJECT -> {
            ObjectNode plain = head(kind.kind() + "List", kind.apiVersion());
            ArrayNode items = plain.putArray("items");
            objects.forEach(object -> items.add(object.json()));
            yield plain;
          }
          case METADATA -> {
            ObjectNode partial = head("PartialObjectMetadataList", META + "/v1");
            ArrayNode items = partial.putArray("items");
            objects.forEach(object -> items.add(metadata(object.json())));
            yield partial;
          }
          case TABLE -> {
            ObjectNode table = table();
            ArrayNode rows = table.putArray("rows");
            Instant now = clock.instant();
            objects.forEach(object -> rows.add(row(object.json(), now)));
            yield table;
          }
        };
    list.set("metadata", listMetadata);
    return list;
  }

  private ObjectNode table() {
    ObjectNode table = head("Table", META + "/v1");
    ArrayNode definitions = table.putArray("columnDefinitions");
    for (Column column : Columns.of(kind)) {
      definitions
          .addObject()
          .put("name", column.name())
          .put("type", "string")
          .put("format", column.equals(Column.NAME) ? "name" : "")
          .put("description", "")
          .put("priority", column.wide() ? 1 : 0);
    }
    return table;
  }

  private ObjectNode row(ObjectNode object, Instant now) {
    ObjectNode row = JsonNodeFactory.instance.objectNode();
    ArrayNode cells = row.putArray("cells");
    Columns.of(kind).forEach(column -> cells.add(column.cell().apply(object, now)));
    switch (includeObject) {
      case "None" -> {
        // The client wants the cells only.
      }
      case "Object" -> row.set("object", object);
      default -> row.set("object", metadata(object));
    }
    return row;
  }

  private static ObjectNode metadata(ObjectNode object) {
    ObjectNode partial = head("PartialObjectMetadata", META + "/v1");
    partial.set("metadata", object.path("metadata"));
    return partial;
  }

  private static ObjectNode head(String kind, String apiVersion) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    return object.put("kind", kind).put("apiVersion", apiVersion);
  }
}
