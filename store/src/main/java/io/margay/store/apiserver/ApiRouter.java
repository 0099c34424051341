package io.margay.store.apiserver;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import io.margay.store.apiserver.ApiException.Reason;
import io.margay.store.apiserver.discovery.ApiGroups;
import io.margay.store.apiserver.discovery.DiscoveryDocuments;
import io.margay.store.apiserver.discovery.OpenApiDocuments;
import io.margay.store.apiserver.discovery.Review;
import io.margay.store.apiserver.http.ApiRequest;
import io.margay.store.apiserver.http.JsonBody;
import io.margay.store.apiserver.http.MediaType;
import io.margay.store.apiserver.http.Reply;
import io.margay.store.apiserver.registry.ResourceRegistry;
import io.margay.store.apiserver.registry.WriteOptions.Part;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Finds what a path stands for. */
final class ApiRouter implements Function<ApiRequest, Reply> {
  /**
   * Clients ask for version 1.0 of this behind an @, which Go's own parser of media types refuses;
   * what they get says it behind a dot.
   */
  private static final String OPENAPI_PROTOBUF = "application/com.github.proto-openapi.spec.v2";

  private static final String DISCOVERY_GROUP = "apidiscovery.k8s.io";

  private final ResourceRegistry registry;
  private final CollectionReads reads;
  private final ResourceWrites writes;
  private final InstantSource clock;

  ApiRouter(ResourceRegistry registry, InstantSource clock) {
    this.registry = registry;
    this.reads = new CollectionReads(registry.store(), clock);
    this.writes = new ResourceWrites(registry, clock);
    this.clock = clock;
  }

  @Override
  public Reply apply(ApiRequest request) {
    List<String> path = request.segments();
    String first = path.isEmpty() ? "" : path.getFirst();
    return switch (first) {
      case "" -> new Reply.Json(200, rootPaths());
      case "healthz", "livez", "readyz" -> new Reply.Text(200, "ok");
      case "version" -> new Reply.Json(200, version());
      case "openapi" -> openApi(request);
      case "api" ->
          path.size() == 1
              ? discovery(request, true, DiscoveryDocuments.coreVersions(""))
              : inGroup(request, "", path.get(1), path.subList(2, path.size()));
      case "apis" ->
          switch (path.size()) {
            case 1 -> discovery(request, false, DiscoveryDocuments.groups());
            case 2 -> found(request, DiscoveryDocuments.group(path.get(1)));
            default -> inGroup(request, path.get(1), path.get(2), path.subList(3, path.size()));
          };
      default -> throw notFound(request);
    };
  }

  private static Reply discovery(ApiRequest request, boolean core, ObjectNode plain) {
    requireMethod(request, "GET");
    MediaType type =
        request
            .accept()
            .firstJson(t ->
                t.as().isEmpty()
                    || (t.group().equals(DISCOVERY_GROUP)
                        && (t.version().equals("v2") || t.version().equals("v2beta1"))))
            .orElse(MediaType.JSON);
    if (type.as().isEmpty()) {
      return new Reply.Json(200, plain);
    }
    return new Reply.Json(
        200,
        DiscoveryDocuments.aggregated(core, type.version()),
        "application/json;g=" + DISCOVERY_GROUP + ";v=" + type.version() + ";as=" + type.as(),
        List.of());
  }

  private static Reply openApi(ApiRequest request) {
    requireMethod(request, "GET");
    List<String> path = request.segments();
    if (path.size() >= 2 && path.get(1).equals("v3")) {
      return path.size() == 2
          ? new Reply.Json(200, OpenApiDocuments.index())
          : found(
              request, OpenApiDocuments.document(String.join("/", path.subList(2, path.size()))));
    }
    if (path.size() == 2 && path.get(1).equals("v2")) {
      if (request.accept().names(OPENAPI_PROTOBUF, "+protobuf")) {
        return new Reply.Binary(
            OPENAPI_PROTOBUF + ".v1.0+protobuf", OpenApiDocuments.version2Protobuf());
      }
      if (request.accept().firstJson(type -> true).isEmpty()) {
        throw new ApiException(
            Reason.NOT_ACCEPTABLE, "only application/json and OpenAPI's protobuf are served here");
      }
      return new Reply.Json(200, OpenApiDocuments.version2());
    }
    throw notFound(request);
  }

  private Reply inGroup(ApiRequest request, String group, String version, List<String> rest) {
    if (rest.isEmpty()) {
      requireMethod(request, "GET");
      return found(request, DiscoveryDocuments.resources(group, version));
    }
    Optional<Review> review = Review.of(group, version, rest.getFirst());
    if (review.isPresent() && rest.size() == 1) {
      requireMethod(request, "POST");
      return new Reply.Json(201, review.get().answer(JsonBody.object(request), request.user()));
    }
    // /namespaces/NAME is a namespace; /namespaces/NAME/pods is what is in it.
    boolean inNamespace =
        rest.size() >= 3
            && rest.getFirst().equals("namespaces")
            && ApiGroups.kind(group, version, rest.get(2)).isPresent();
    String namespace = inNamespace ? rest.get(1) : "";
    List<String> resource = inNamespace ? rest.subList(2, rest.size()) : rest;
    Kind kind =
        ApiGroups.kind(group, version, resource.getFirst()).orElseThrow(() -> notFound(request));
    if (inNamespace && !kind.namespaced()) {
      throw notFound(request);
    }
    return switch (resource.size()) {
      case 1 -> collection(request, kind, namespace);
      case 2 -> item(request, key(request, kind, namespace, resource.get(1)), Part.OBJECT);
      case 3 ->
          subresource(request, key(request, kind, namespace, resource.get(1)), resource.get(2));
      default -> throw notFound(request);
    };
  }

  private static ResourceKey key(ApiRequest request, Kind kind, String namespace, String name) {
    if (kind.namespaced() && namespace.isEmpty()) {
      throw notFound(request);
    }
    return new ResourceKey(kind, namespace, name);
  }

  private Reply collection(ApiRequest request, Kind kind, String namespace) {
    return switch (request.method()) {
      case "GET" -> reads.read(request, kind, namespace);
      case "POST" -> {
        if (kind.namespaced() && namespace.isEmpty()) {
          throw methodNotAllowed(request);
        }
        yield writes.create(request, kind, namespace);
      }
      case "DELETE" -> {
        if (kind.namespaced() && namespace.isEmpty()) {
          throw methodNotAllowed(request);
        }
        yield writes.deleteCollection(request, kind, namespace);
      }
      default -> throw methodNotAllowed(request);
    };
  }

  private Reply subresource(ApiRequest request, ResourceKey key, String name) {
    if (name.equals("status") && DiscoveryDocuments.hasStatus(key.kind())) {
      if (request.method().equals("DELETE")) {
        throw methodNotAllowed(request);
      }
      return item(request, key, Part.STATUS);
    }
    throw notFound(request);
  }

  private Reply item(ApiRequest request, ResourceKey key, Part part) {
    return switch (request.method()) {
      case "GET" -> {
        Presentation presentation = Presentation.of(key.kind(), request, clock);
        yield new Reply.Json(
            200, presentation.one(registry.get(key).json()), presentation.contentType(), List.of());
      }
      case "PUT" -> writes.update(request, key, part);
      case "PATCH" -> writes.patch(request, key, part);
      case "DELETE" -> writes.delete(request, key);
      default -> throw methodNotAllowed(request);
    };
  }

  private static ObjectNode rootPaths() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    List.of(
            "/api",
            "/apis",
            "/healthz",
            "/livez",
            "/openapi/v2",
            "/openapi/v3",
            "/readyz",
            "/version")
        .forEach(json.putArray("paths")::add);
    return json;
  }

  /** The version of the Kubernetes API whose behaviour this server has. */
  private static ObjectNode version() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("major", "1")
        .put("minor", "32")
        .put("gitVersion", "v1.32.0+margay")
        .put("gitCommit", "")
        .put("gitTreeState", "clean")
        .put("buildDate", "1970-01-01T00:00:00Z")
        .put("goVersion", "")
        .put("compiler", "java")
        .put("platform", "java/" + Runtime.version().feature());
  }

  private static Reply found(ApiRequest request, Optional<ObjectNode> document) {
    requireMethod(request, "GET");
    return new Reply.Json(200, document.orElseThrow(() -> notFound(request)));
  }

  private static void requireMethod(ApiRequest request, String method) {
    if (!request.method().equals(method)) {
      throw methodNotAllowed(request);
    }
  }

  private static ApiException notFound(ApiRequest request) {
    return new ApiException(
        Reason.NOT_FOUND,
        "the server could not find the requested resource (" + request.path() + ")");
  }

  private static ApiException methodNotAllowed(ApiRequest request) {
    return new ApiException(
        Reason.METHOD_NOT_ALLOWED,
        "the server does not allow " + request.method() + " on " + request.path());
  }
}
