package io.margay.model.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.model.resource.Kind;
import io.margay.model.schema.Schema.ObjectSchema;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;

/**
 * The schemas of all kinds, read once from the YAML files beside this class (one for each API
 * group).
 */
public final class Schemas {
  /** The format of a map's keys. An extension of ours: OpenAPI has no word for it. */
  static final String KEY_FORMAT = "x-margay-key-format";

  private static final Schemas ALL = new Schemas();

  private final Map<String, ObjectNode> files = new HashMap<>();
  private final Map<Kind, ObjectNode> openApi = new EnumMap<>(Kind.class);
  private final Map<Kind, ObjectSchema> schemas = new EnumMap<>(Kind.class);

  private Schemas() {
    for (Kind kind : Kind.values()) {
      ObjectNode json = kindJson(kind);
      openApi.put(kind, json);
      schemas.put(kind, (ObjectSchema) SchemaReader.read(json));
    }
  }

  /** The schema of a whole object of this kind: apiVersion, kind, metadata, and its own fields. */
  public static ObjectSchema of(Kind kind) {
    ObjectSchema schema = ALL.schemas.get(kind);
    if (schema == null) {
      throw new IllegalStateException("no schema for " + kind);
    }
    return schema;
  }

  /**
   * The same as OpenAPI v3 JSON, complete in itself (no references), with the Kubernetes
   * extensions. A copy: the caller may change it.
   */
  public static ObjectNode openApi(Kind kind) {
    ObjectNode json = ALL.openApi.get(kind);
    if (json == null) {
      throw new IllegalStateException("no schema for " + kind);
    }
    return json.deepCopy();
  }

  private ObjectNode kindJson(Kind kind) {
    String file = fileOf(kind);
    JsonNode own = file(file).path("kinds").path(kind.kind());
    if (!own.isObject()) {
      throw new IllegalStateException("no schema for " + kind + " in " + file);
    }
    ObjectNode json = (ObjectNode) resolved(own, file);
    ObjectNode properties = (ObjectNode) json.remove("properties");
    ObjectNode full = json.put("type", "object").putObject("properties");
    full.putObject("apiVersion")
        .put("type", "string")
        .put("description", "Group and version of the object: " + kind.apiVersion() + ".");
    full.putObject("kind")
        .put("type", "string")
        .put("description", "Kind of the object: " + kind.kind() + ".");
    full.set("metadata", resolved(file("meta").path("definitions").path("Metadata"), "meta"));
    if (properties != null) {
      full.setAll(properties);
    }
    json.putArray("x-kubernetes-group-version-kind")
        .addObject()
        .put("group", kind.group())
        .put("version", kind.version())
        .put("kind", kind.kind());
    return json;
  }

  private static String fileOf(Kind kind) {
    return switch (kind.group()) {
      case "" -> "core";
      case "projectcalico.org" -> "calico";
      case "policy.margay.io" -> "workbench";
      default -> kind.group().substring(0, kind.group().indexOf('.'));
    };
  }

  /** A copy in which every {@code $ref: "file#Name"} is replaced by what it names. */
  private JsonNode resolved(JsonNode json, String file) {
    if (json.has("$ref")) {
      String reference = json.get("$ref").asText();
      int hash = reference.indexOf('#');
      String target = hash == 0 ? file : reference.substring(0, hash);
      JsonNode named = file(target).path("definitions").path(reference.substring(hash + 1));
      if (named.isMissingNode()) {
        throw new IllegalStateException("schema " + file + " refers to missing " + reference);
      }
      return resolved(named, target);
    }
    if (json instanceof ObjectNode object) {
      ObjectNode copy = object.objectNode();
      object.properties().forEach(p -> copy.set(p.getKey(), resolved(p.getValue(), file)));
      return copy;
    }
    if (json instanceof ArrayNode array) {
      ArrayNode copy = array.arrayNode();
      array.forEach(item -> copy.add(resolved(item, file)));
      return copy;
    }
    return json;
  }

  private ObjectNode file(String name) {
    return files.computeIfAbsent(name, Schemas::load);
  }

  private static ObjectNode load(String name) {
    try (InputStream in = Schemas.class.getResourceAsStream(name + ".yaml")) {
      if (in == null) {
        throw new IllegalStateException("the schema file " + name + ".yaml is missing");
      }
      // SnakeYAML's own loader, since the schemas use merge keys, which Jackson does not know.
      Object tree = new Yaml(new LoaderOptions()).load(in);
      return new ObjectMapper().valueToTree(tree);
    } catch (IOException e) {
      throw new UncheckedIOException("the schema file " + name + ".yaml cannot be read", e);
    }
  }
}
