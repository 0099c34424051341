package io.margay.store.apiserver;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import io.margay.store.apiserver.ApiException.Reason;
import io.margay.store.apiserver.http.ApiRequest;
import io.margay.store.apiserver.http.JsonBody;
import io.margay.store.apiserver.http.ProtobufBody;
import io.margay.store.apiserver.http.QueryParameters;
import io.margay.store.apiserver.http.Reply;
import io.margay.store.apiserver.registry.Patch;
import io.margay.store.apiserver.registry.Preconditions;
import io.margay.store.apiserver.registry.ResourceRegistry;
import io.margay.store.apiserver.registry.WriteOptions;
import io.margay.store.apiserver.registry.WriteOptions.Part;
import io.margay.store.apiserver.registry.WriteOptions.UnknownFields;
import io.margay.store.apiserver.registry.Written;
import io.margay.store.apiserver.select.Selection;
import java.time.InstantSource;
import java.util.Optional;

/** Requests that change objects, from HTTP to the registry and back. */
final class ResourceWrites {
  private final ResourceRegistry registry;
  private final InstantSource clock;

  ResourceWrites(ResourceRegistry registry, InstantSource clock) {
    this.registry = registry;
    this.clock = clock;
  }

  Reply create(ApiRequest request, Kind kind, String namespace) {
    ObjectNode json = body(request);
    requireKind(kind, json);
    bindNamespace(kind, namespace, json);
    return reply(request, kind, registry.create(kind, json, options(request, Part.OBJECT)));
  }

  Reply update(ApiRequest request, ResourceKey key, Part part) {
    ObjectNode json = body(request);
    requireKind(key.kind(), json);
    bindKey(key, json);
    return reply(request, key.kind(), registry.update(key, json, options(request, part)));
  }

  Reply patch(ApiRequest request, ResourceKey key, Part part) {
    Patch patch = patch(request, key);
    if (patch instanceof Patch.Apply && request.query().text("fieldManager").isEmpty()) {
      throw new ApiException(
          Reason.BAD_REQUEST, "fieldManager is required for apply patch: add ?fieldManager=NAME");
    }
    return reply(request, key.kind(), registry.patch(key, patch, options(request, part)));
  }

  private static Patch patch(ApiRequest request, ResourceKey key) {
    return switch (request.contentType()) {
      case "application/json-patch+json" -> new Patch.Json(JsonBody.array(request));
      case "application/merge-patch+json" -> new Patch.Merge(JsonBody.object(request));
      case "application/strategic-merge-patch+json" -> {
        if (!isKubernetesOwn(key.kind())) {
          throw unsupportedMediaType(
              "application/json-patch+json, application/merge-patch+json,"
                  + " application/apply-patch+yaml");
        }
        yield new Patch.Strategic(JsonBody.object(request));
      }
      case "application/apply-patch+yaml", "application/apply-patch+json" -> {
        ObjectNode configuration = JsonBody.object(request);
        requireKind(key.kind(), configuration);
        bindKey(key, configuration);
        yield new Patch.Apply(configuration, request.query().flag("force"));
      }
      default ->
          throw unsupportedMediaType(
              "application/json-patch+json, application/merge-patch+json,"
                  + " application/strategic-merge-patch+json, application/apply-patch+yaml");
    };
  }

  /**
   * Strategic merge is for the kinds that Kubernetes itself defines, and nothing installed later.
   */
  private static boolean isKubernetesOwn(Kind kind) {
    return switch (kind.group()) {
      case "", "discovery.k8s.io", "networking.k8s.io" -> true;
      default -> false;
    };
  }

  Reply delete(ApiRequest request, ResourceKey key) {
    Preconditions preconditions = Preconditions.NONE;
    boolean dryRun = dryRun(request);
    if (request.body().length > 0) {
      ObjectNode options = body(request);
      preconditions =
          new Preconditions(
              options.path("preconditions").path("uid").asText(),
              options.path("preconditions").path("resourceVersion").asText());
      dryRun |= options.path("dryRun").path(0).asText().equals("All");
    }
    return new Reply.Json(200, success(registry.delete(key, preconditions, dryRun)));
  }

  /** Deletes what a list with the same query would show. */
  Reply deleteCollection(ApiRequest request, Kind kind, String namespace) {
    QueryParameters query = request.query();
    Selection selection =
        Selection.parse(kind, namespace, query.text("labelSelector"), query.text("fieldSelector"));
    boolean dryRun = dryRun(request);
    for (KubeObject object : registry.store().list(kind, namespace).items()) {
      if (selection.matches(object)) {
        try {
          registry.delete(object.key(), Preconditions.NONE, dryRun);
        } catch (ApiException e) {
          if (e.reason() != Reason.NOT_FOUND) {
            throw e;
          }
          // Somebody else was faster: it is gone, as was asked for.
        }
      }
    }
    ObjectNode status = JsonNodeFactory.instance.objectNode();
    status.put("kind", "Status").put("apiVersion", "v1").putObject("metadata");
    return new Reply.Json(200, status.put("status", "Success"));
  }

  private static ObjectNode success(KubeObject deleted) {
    ObjectNode status = JsonNodeFactory.instance.objectNode();
    status.put("kind", "Status").put("apiVersion", "v1").putObject("metadata");
    status.put("status", "Success");
    ObjectNode details = status.putObject("details");
    details.put("name", deleted.name());
    if (!deleted.kind().group().isEmpty()) {
      details.put("group", deleted.kind().group());
    }
    details.put("kind", deleted.kind().plural());
    details.put("uid", deleted.json().path("metadata").path("uid").asText());
    return status;
  }

  private Reply reply(ApiRequest request, Kind kind, Written written) {
    Presentation presentation = Presentation.of(kind, request, clock);
    return new Reply.Json(
        written.created() ? 201 : 200,
        presentation.one(written.object().json()),
        presentation.contentType(),
        written.warnings());
  }

  private static ObjectNode body(ApiRequest request) {
    return switch (request.contentType()) {
      case "", "application/json", "application/yaml", ProtobufBody.MEDIA_TYPE ->
          JsonBody.object(request);
      default -> throw unsupportedMediaType("application/json, application/yaml");
    };
  }

  private static ApiException unsupportedMediaType(String accepted) {
    return new ApiException(
        Reason.UNSUPPORTED_MEDIA_TYPE,
        "the body of the request was in an unknown format - accepted media types include: "
            + accepted);
  }

  private static WriteOptions options(ApiRequest request, Part part) {
    UnknownFields unknownFields =
        switch (request.query().text("fieldValidation")) {
          case "", "Warn" -> UnknownFields.WARN;
          case "Strict" -> UnknownFields.STRICT;
          case "Ignore" -> UnknownFields.IGNORE;
          default ->
              throw new ApiException(
                  Reason.BAD_REQUEST, "fieldValidation: write Strict, Warn or Ignore");
        };
    return new WriteOptions(manager(request), part, unknownFields, dryRun(request));
  }

  /** What the client calls itself: by parameter, or else by the first word of its user agent. */
  private static String manager(ApiRequest request) {
    String given = request.query().text("fieldManager");
    if (given.length() > 128) {
      throw new ApiException(
          Reason.BAD_REQUEST, "fieldManager is longer than 128 characters; write a shorter one");
    }
    if (!given.isEmpty()) {
      return given;
    }
    String agent = request.userAgent();
    int slash = agent.indexOf('/');
    String product = slash < 0 ? agent : agent.substring(0, slash);
    return product.isBlank() ? "unknown" : product;
  }

  private static boolean dryRun(ApiRequest request) {
    return switch (request.query().text("dryRun")) {
      case "" -> false;
      case "All" -> true;
      default -> throw new ApiException(Reason.BAD_REQUEST, "dryRun: write All or leave it out");
    };
  }

  private static void requireKind(Kind kind, ObjectNode json) {
    Optional<Kind> given = Kind.of(json.path("apiVersion").asText(), json.path("kind").asText());
    if (!given.equals(Optional.of(kind))) {
      throw new ApiException(
          Reason.BAD_REQUEST,
          "the object is of apiVersion \""
              + json.path("apiVersion").asText()
              + "\", kind \""
              + json.path("kind").asText()
              + "\"; here write "
              + kind.apiVersion()
              + " and "
              + kind.kind());
    }
  }

  private static void bindKey(ResourceKey key, ObjectNode json) {
    ObjectNode metadata = metadata(json);
    String name = metadata.path("name").asText();
    if (!name.isEmpty() && !name.equals(key.name())) {
      throw new ApiException(
          Reason.BAD_REQUEST,
          "the name of the object ("
              + name
              + ") does not match the name on the URL ("
              + key.name()
              + ")");
    }
    metadata.put("name", key.name());
    bindNamespace(key.kind(), key.namespace(), json);
  }

  private static void bindNamespace(Kind kind, String namespace, ObjectNode json) {
    ObjectNode metadata = metadata(json);
    String given = metadata.path("namespace").asText();
    if (!kind.namespaced()) {
      // Kubernetes, too, overlooks the namespace of cluster-wide objects.
      metadata.remove("namespace");
    } else if (!given.isEmpty() && !given.equals(namespace)) {
      throw new ApiException(
          Reason.BAD_REQUEST,
          "the namespace of the provided object does not match the namespace sent on the request: "
              + given
              + " and "
              + namespace);
    } else {
      metadata.put("namespace", namespace);
    }
  }

  private static ObjectNode metadata(ObjectNode json) {
    if (json.hasNonNull("metadata") && !json.get("metadata").isObject()) {
      throw new ApiException(Reason.BAD_REQUEST, "metadata is not an object; write name: below it");
    }
    return json.get("metadata") instanceof ObjectNode metadata
        ? metadata
        : json.putObject("metadata");
  }
}
