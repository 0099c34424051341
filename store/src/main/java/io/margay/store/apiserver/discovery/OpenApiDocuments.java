package io.margay.store.apiserver.discovery;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.model.resource.Kind;
import io.margay.model.schema.Schemas;
import io.margay.store.apiserver.discovery.ApiGroups.GroupVersion;
import java.util.List;
import java.util.Optional;

/**
 * OpenAPI: what the fields of each kind mean and which parameters its addresses take. kubectl reads
 * it for {@code explain}, and to learn that the server validates fields and rehearses writes.
 */
public final class OpenApiDocuments {
  private static final List<String> WRITE_PARAMETERS =
      List.of("dryRun", "fieldManager", "fieldValidation", "pretty");
  private static final List<String> LIST_PARAMETERS =
      List.of(
          "allowWatchBookmarks",
          "continue",
          "fieldSelector",
          "labelSelector",
          "limit",
          "pretty",
          "resourceVersion",
          "resourceVersionMatch",
          "sendInitialEvents",
          "timeoutSeconds",
          "watch");
  private static final List<String> DELETE_PARAMETERS =
      List.of("dryRun", "gracePeriodSeconds", "orphanDependents", "propagationPolicy", "pretty");

  private OpenApiDocuments() {}

  /** {@code /openapi/v3}: where the document of each group is. */
  public static ObjectNode index() {
    ObjectNode index = JsonNodeFactory.instance.objectNode();
    ObjectNode paths = index.putObject("paths");
    for (GroupVersion group : ApiGroups.all()) {
      String hash = Integer.toHexString(document(group).hashCode());
      paths
          .putObject(group.path())
          .put("serverRelativeURL", "/openapi/v3/" + group.path() + "?hash=" + hash);
    }
    return index;
  }

  /**
   * The document of one group.
   *
   * @param path {@code api/v1} or {@code apis/GROUP/VERSION}
   */
  public static Optional<ObjectNode> document(String path) {
    return ApiGroups.all().stream()
        .filter(group -> group.path().equals(path))
        .findFirst()
        .map(OpenApiDocuments::document);
  }

  private static ObjectNode document(GroupVersion group) {
    ObjectNode document = JsonNodeFactory.instance.objectNode().put("openapi", "3.0.0");
    document.putObject("info").put("title", "Margay").put("version", "v1");
    ObjectNode paths = document.putObject("paths");
    ObjectNode schemas = document.putObject("components").putObject("schemas");
    for (Kind kind : group.kinds()) {
      schemas.set(schemaName(kind), Schemas.openApi(kind));
      addPaths(paths, group, kind);
    }
    return document;
  }

  /** {@code /openapi/v2}: the schemas only, for clients that know no newer document. */
  public static ObjectNode version2() {
    ObjectNode document = JsonNodeFactory.instance.objectNode().put("swagger", "2.0");
    document.putObject("info").put("title", "Margay").put("version", "v1");
    document.putObject("paths");
    ObjectNode definitions = document.putObject("definitions");
    for (Kind kind : Kind.values()) {
      definitions.set(schemaName(kind), Schemas.openApi(kind));
    }
    return document;
  }

  /** {@code /openapi/v2} in protobuf. */
  public static byte[] version2Protobuf() {
    return OpenApiV2Protobuf.document();
  }

  private static void addPaths(ObjectNode paths, GroupVersion group, Kind kind) {
    String root = "/" + group.path() + "/";
    String scope = kind.namespaced() ? "namespaces/{namespace}/" : "";
    String collection = root + scope + kind.plural();
    ObjectNode all = paths.putObject(collection);
    operation(all, "get", "list", kind, LIST_PARAMETERS);
    operation(all, "post", "post", kind, WRITE_PARAMETERS);
    operation(all, "delete", "deletecollection", kind, LIST_PARAMETERS);
    ObjectNode one = paths.putObject(collection + "/{name}");
    writable(one, kind);
    operation(one, "delete", "delete", kind, DELETE_PARAMETERS);
    if (kind.namespaced()) {
      operation(paths.putObject(root + kind.plural()), "get", "list", kind, LIST_PARAMETERS);
    }
    if (DiscoveryDocuments.hasStatus(kind)) {
      writable(paths.putObject(collection + "/{name}/status"), kind);
    }
    if (kind.namespaced()) {
      addPathParameter(paths, collection, "namespace");
      addPathParameter(paths, collection + "/{name}", "namespace");
    }
    addPathParameter(paths, collection + "/{name}", "name");
  }

  private static void writable(ObjectNode path, Kind kind) {
    operation(path, "get", "get", kind, List.of("pretty"));
    operation(path, "put", "put", kind, WRITE_PARAMETERS);
    ObjectNode patch = operation(path, "patch", "patch", kind, WRITE_PARAMETERS);
    query((ArrayNode) patch.get("parameters"), "force");
  }

  private static ObjectNode operation(
      ObjectNode path, String method, String action, Kind kind, List<String> parameters) {
    ObjectNode operation = path.putObject(method);
    operation.put("description", action + " " + kind.kind()).put("x-kubernetes-action", action);
    operation
        .putObject("x-kubernetes-group-version-kind")
        .put("group", kind.group())
        .put("version", kind.version())
        .put("kind", kind.kind());
    ArrayNode list = operation.putArray("parameters");
    parameters.forEach(name -> query(list, name));
    ObjectNode ok = operation.putObject("responses").putObject("200").put("description", "OK");
    ok.putObject("content")
        .putObject("application/json")
        .putObject("schema")
        .put("$ref", "#/components/schemas/" + schemaName(kind));
    return operation;
  }

  private static void query(ArrayNode parameters, String name) {
    parameters
        .addObject()
        .put("name", name)
        .put("in", "query")
        .putObject("schema")
        .put("type", "string");
  }

  private static void addPathParameter(ObjectNode paths, String path, String name) {
    ((ObjectNode) paths.get(path))
        .withArrayProperty("parameters")
        .addObject()
        .put("name", name)
        .put("in", "path")
        .put("required", true)
        .putObject("schema")
        .put("type", "string");
  }

  /** {@code org.projectcalico.v3.Tier}: the group backwards, as OpenAPI documents name types. */
  static String schemaName(Kind kind) {
    if (kind.group().isEmpty()) {
      return "io.k8s.api.core." + kind.version() + "." + kind.kind();
    }
    List<String> parts = List.of(kind.group().split("\\.", -1)).reversed();
    return String.join(".", parts) + "." + kind.version() + "." + kind.kind();
  }
}
