package io.margay.console.policies;

import com.fasterxml.jackson.databind.JsonNode;
import io.margay.console.http.Exchange;
import io.margay.console.http.HttpFailure;
import io.margay.console.http.Json;
import io.margay.console.http.Route;
import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import io.margay.store.ResourceStore;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Changes policies. */
public final class PolicyEditEndpoints {
  private static final String ONE = "/api/v1/policies/{kind}/{namespace}/{name}";
  private static final String VERSION = "resource_version";

  private final PolicySource source;
  private final PolicyWrites writes;

  public PolicyEditEndpoints(PolicySource source, ResourceStore store) {
    this.source = source;
    this.writes = new PolicyWrites(store);
  }

  public List<Route> routes() {
    return List.of(
        Route.post("/api/v1/policies/validate", this::validate),
        Route.post("/api/v1/policies/apply", this::apply),
        Route.delete(ONE, this::delete),
        Route.post(ONE + "/stage", this::stage),
        Route.post(ONE + "/enforce", this::enforce),
        Route.post(ONE + "/order", this::order));
  }

  private void validate(Exchange exchange) throws IOException {
    PolicyText text = PolicyText.read(yaml(body(exchange, Set.of("yaml"))));
    KubeObject object = text.object();
    exchange.json(json -> {
      json.writeStartObject();
      json.writeBooleanField("valid", object != null);
      if (object == null) {
        json.writeNullField("policy");
        json.writeNullField("tier");
      } else {
        PolicyJson.writeRef("policy", object.key(), json);
        json.writeStringField("tier", tier(object));
      }
      Json.writeProblems("problems", text.problems(), json);
      json.writeEndObject();
    });
  }

  private static @Nullable String tier(KubeObject object) {
    return object.kind() == Kind.TIER ? null : TierOrder.tierOf(object).orElse(null);
  }

  private void apply(Exchange exchange) throws IOException {
    JsonNode body = body(exchange, Set.of("yaml", VERSION));
    KubeObject object = PolicyText.read(yaml(body)).orRefuse();
    answer(exchange, writes.apply(exchange.caller(), object, text(body, VERSION)));
  }

  private void delete(Exchange exchange) throws IOException {
    answer(
        exchange,
        writes.delete(
            exchange.caller(),
            PolicyNames.key(exchange),
            exchange.query("resourceVersion").orElse(null)));
  }

  private void stage(Exchange exchange) throws IOException {
    JsonNode body = body(exchange, Set.of("delete", "yaml"));
    String yaml = text(body, "yaml");
    boolean delete = body.path("delete").asBoolean();
    if (delete && yaml != null) {
      throw HttpFailure.badRequest("give either yaml or delete");
    }
    KubeObject edited = yaml == null ? null : PolicyText.read(yaml).orRefuse();
    answer(exchange, writes.stage(exchange.caller(), PolicyNames.key(exchange), edited, delete));
  }

  private void enforce(Exchange exchange) throws IOException {
    JsonNode body = body(exchange, Set.of(VERSION));
    answer(
        exchange,
        writes.enforce(exchange.caller(), PolicyNames.key(exchange), text(body, VERSION)));
  }

  private void order(Exchange exchange) throws IOException {
    JsonNode body = body(exchange, Set.of("order", "before", VERSION));
    ResourceKey key = PolicyNames.key(exchange);
    NewOrder.checkHasOrder(key);
    if (body.has("order") == body.has("before")) {
      throw HttpFailure.badRequest("give either order, a number, or before, a policy or null");
    }
    double order;
    if (body.has("order")) {
      if (!body.path("order").isNumber()) {
        throw HttpFailure.badRequest("order " + body.path("order") + " is not a number");
      }
      order = body.path("order").asDouble();
    } else {
      JsonNode before = body.path("before");
      order = NewOrder.before(source.tiers(), key, before.isNull() ? null : ref("before", before));
    }
    answer(exchange, writes.order(exchange.caller(), key, order, text(body, VERSION)));
  }

  /** A policy that a body names. */
  static ResourceKey ref(String field, JsonNode ref) {
    if (!ref.path("kind").isTextual() || !ref.path("name").isTextual()) {
      throw HttpFailure.badRequest(
          field + ": write {\"kind\": \"…\", \"namespace\": \"…\", \"name\": \"…\"}");
    }
    return PolicyNames.key(
        ref.path("kind").asText(), ref.path("namespace").asText(), ref.path("name").asText());
  }

  /** The body, with no other fields than these: one that is misspelt must not be passed over. */
  public static JsonNode body(Exchange exchange, Set<String> fields) throws IOException {
    JsonNode body = exchange.body();
    body.fieldNames()
        .forEachRemaining(name -> {
          if (!fields.contains(name)) {
            throw HttpFailure.badRequest(
                "\"%s\" is not one of %s"
                    .formatted(name, String.join(", ", new TreeSet<>(fields))));
          }
        });
    return body;
  }

  private static String yaml(JsonNode body) {
    String yaml = text(body, "yaml");
    if (yaml == null) {
      throw HttpFailure.badRequest("yaml is missing: write the policy's text");
    }
    return yaml;
  }

  static @Nullable String text(JsonNode body, String field) {
    JsonNode value = body.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isTextual()) {
      throw HttpFailure.badRequest(field + " " + value + " is not a text");
    }
    return value.asText();
  }

  private static void answer(Exchange exchange, KubeObject object) throws IOException {
    PolicyDocument document = StorePolicies.document(object);
    boolean editable = PolicyWrites.editable(exchange.caller(), object);
    exchange.json(json -> PolicyJson.write(document, editable, json));
  }
}
