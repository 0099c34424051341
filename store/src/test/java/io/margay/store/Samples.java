package io.margay.store;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.Kind;

/** Small valid objects. */
public final class Samples {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Samples() {}

  public static KubeObject networkSet(String namespace, String name, String... nets) {
    ObjectNode json = object(Kind.NETWORK_SET, namespace, name);
    var array = json.putObject("spec").putArray("nets");
    for (String net : nets) {
      array.add(net);
    }
    return new KubeObject(Kind.NETWORK_SET, json);
  }

  public static KubeObject tier(String name, int order) {
    ObjectNode json = object(Kind.TIER, "", name);
    json.putObject("spec").put("order", order).put("defaultAction", "Pass");
    return new KubeObject(Kind.TIER, json);
  }

  public static KubeObject namespace(String name) {
    return new KubeObject(Kind.NAMESPACE, object(Kind.NAMESPACE, "", name));
  }

  public static KubeObject withLabel(KubeObject object, String key, String value) {
    ObjectNode json = object.json().deepCopy();
    json.withObjectProperty("metadata").withObjectProperty("labels").put(key, value);
    return new KubeObject(object.kind(), json);
  }

  public static KubeObject withVersion(KubeObject object, String version) {
    ObjectNode json = object.json().deepCopy();
    json.withObjectProperty("metadata").put("resourceVersion", version);
    return new KubeObject(object.kind(), json);
  }

  private static ObjectNode object(Kind kind, String namespace, String name) {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("apiVersion", kind.apiVersion()).put("kind", kind.kind());
    ObjectNode metadata = json.putObject("metadata").put("name", name);
    if (!namespace.isEmpty()) {
      metadata.put("namespace", namespace);
    }
    return json;
  }
}
