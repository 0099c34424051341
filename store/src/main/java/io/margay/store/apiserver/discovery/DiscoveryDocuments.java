package io.margay.store.apiserver.discovery;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.model.resource.Kind;
import io.margay.model.schema.Schemas;
import io.margay.store.apiserver.discovery.ApiGroups.GroupVersion;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The discovery documents, each group and version on its own or all in one. */
public final class DiscoveryDocuments {
  private DiscoveryDocuments() {}

  /**
   * {@code /api}: the versions of the core group.
   *
   * @param authority host and port by which the client reached the server
   */
  public static ObjectNode coreVersions(String authority) {
    ObjectNode versions = object("APIVersions", "");
    versions.putArray("versions").add("v1");
    versions
        .putArray("serverAddressByClientCIDRs")
        .addObject()
        .put("clientCIDR", "0.0.0.0/0")
        .put("serverAddress", authority);
    return versions;
  }

  /** {@code /apis}: all groups with a name. */
  public static ObjectNode groups() {
    ObjectNode list = object("APIGroupList", "v1");
    ArrayNode groups = list.putArray("groups");
    ApiGroups.all().stream().filter(g -> !g.group().isEmpty()).forEach(g -> groups.add(group(g)));
    return list;
  }

  /** {@code /apis/GROUP}. */
  public static Optional<ObjectNode> group(String name) {
    return ApiGroups.all().stream()
        .filter(g -> g.group().equals(name) && !name.isEmpty())
        .findFirst()
        .map(g -> group(g).put("kind", "APIGroup").put("apiVersion", "v1"));
  }

  private static ObjectNode group(GroupVersion group) {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("name", group.group());
    ObjectNode version = json.putArray("versions").addObject();
    version.put("groupVersion", group.apiVersion()).put("version", group.version());
    json.set("preferredVersion", version.deepCopy());
    return json;
  }

  /** {@code /api/v1} or {@code /apis/GROUP/VERSION}: the resources of a group. */
  public static Optional<ObjectNode> resources(String group, String version) {
    GroupVersion wanted = new GroupVersion(group, version);
    if (!ApiGroups.all().contains(wanted)) {
      return Optional.empty();
    }
    ObjectNode list = object("APIResourceList", "v1").put("groupVersion", wanted.apiVersion());
    ArrayNode resources = list.putArray("resources");
    for (Kind kind : wanted.kinds()) {
      ObjectNode resource =
          resources
              .addObject()
              .put("name", kind.plural())
              .put("singularName", ApiGroups.singular(kind))
              .put("namespaced", kind.namespaced())
              .put("kind", kind.kind());
      resource.set("verbs", texts(ApiGroups.VERBS));
      if (!kind.shortNames().isEmpty()) {
        resource.set("shortNames", texts(kind.shortNames()));
      }
      if (hasStatus(kind)) {
        resources
            .addObject()
            .put("name", kind.plural() + "/status")
            .put("singularName", "")
            .put("namespaced", kind.namespaced())
            .put("kind", kind.kind())
            .set("verbs", texts(ApiGroups.STATUS_VERBS));
      }
    }
    for (Review review : reviews(wanted)) {
      resources
          .addObject()
          .put("name", review.plural())
          .put("singularName", "")
          .put("namespaced", false)
          .put("kind", review.kind())
          .set("verbs", texts(List.of("create")));
    }
    return Optional.of(list);
  }

  /**
   * Everything in one document, as newer clients ask for it.
   *
   * @param core whether of the core group or of those with a name
   * @param version of the document's own API, {@code v2} or {@code v2beta1}
   */
  public static ObjectNode aggregated(boolean core, String version) {
    ObjectNode list = object("APIGroupDiscoveryList", "apidiscovery.k8s.io/" + version);
    list.putObject("metadata");
    ArrayNode items = list.putArray("items");
    for (GroupVersion group : ApiGroups.all()) {
      if (group.group().isEmpty() == core) {
        ObjectNode item = items.addObject();
        ObjectNode metadata = item.putObject("metadata");
        if (!core) {
          metadata.put("name", group.group());
        }
        ObjectNode served = item.putArray("versions").addObject();
        served.put("version", group.version()).put("freshness", "Current");
        ArrayNode resources = served.putArray("resources");
        group.kinds().forEach(kind -> resources.add(aggregated(kind)));
        reviews(group).forEach(review -> resources.add(aggregated(review)));
      }
    }
    return list;
  }

  private static ObjectNode aggregated(Kind kind) {
    ObjectNode resource = JsonNodeFactory.instance.objectNode().put("resource", kind.plural());
    responseKind(resource, kind.group(), kind.version(), kind.kind());
    resource.put("scope", kind.namespaced() ? "Namespaced" : "Cluster");
    resource.put("singularResource", ApiGroups.singular(kind));
    resource.set("verbs", texts(ApiGroups.VERBS));
    if (!kind.shortNames().isEmpty()) {
      resource.set("shortNames", texts(kind.shortNames()));
    }
    if (hasStatus(kind)) {
      ObjectNode status = resource.putArray("subresources").addObject();
      status.put("subresource", "status");
      responseKind(status, kind.group(), kind.version(), kind.kind());
      status.set("verbs", texts(ApiGroups.STATUS_VERBS));
    }
    return resource;
  }

  private static ObjectNode aggregated(Review review) {
    ObjectNode resource = JsonNodeFactory.instance.objectNode().put("resource", review.plural());
    responseKind(resource, review.group(), "v1", review.kind());
    resource.put("scope", "Cluster").put("singularResource", "");
    resource.set("verbs", texts(List.of("create")));
    return resource;
  }

  private static void responseKind(ObjectNode at, String group, String version, String kind) {
    at.putObject("responseKind").put("group", group).put("version", version).put("kind", kind);
  }

  private static List<Review> reviews(GroupVersion group) {
    return Arrays.stream(Review.values()).filter(r -> r.group().equals(group.group())).toList();
  }

  /** Whether objects of a kind have a status that is written by itself. */
  public static boolean hasStatus(Kind kind) {
    return Schemas.of(kind).properties().containsKey("status");
  }

  private static ObjectNode object(String kind, String apiVersion) {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("kind", kind);
    return apiVersion.isEmpty() ? json : json.put("apiVersion", apiVersion);
  }

  private static ArrayNode texts(List<String> texts) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    texts.forEach(array::add);
    return array;
  }
}
