package io.margay.console.agents;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.console.access.Permissions.Verb;
import io.margay.console.http.Exchange;
import io.margay.console.http.HttpFailure;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Who may see and do what. Calls and traces are seen by whoever may list agents; which policies
 * decided them, only by whoever may list policies, too.
 */
final class AgentAccess {
  private AgentAccess() {}

  static boolean may(Exchange exchange, Verb verb, Kind kind) {
    return exchange.caller().permissions().permits(verb, new ResourceKey(kind, "", ""), "");
  }

  /** Refuses whoever may not list a kind. */
  static void requireList(Exchange exchange, Kind kind) {
    if (!may(exchange, Verb.LIST, kind)) {
      throw forbidden(exchange, Verb.LIST, kind.plural());
    }
  }

  /** Refuses whoever may not do this to an object. */
  static void require(Exchange exchange, Verb verb, ResourceKey key) {
    if (!exchange.caller().permissions().permits(verb, key, "")) {
      throw forbidden(exchange, verb, key.toString());
    }
  }

  private static HttpFailure forbidden(Exchange exchange, Verb verb, String what) {
    return new HttpFailure(
        403, "%s may not %s %s".formatted(exchange.caller().user(), verb.word(), what));
  }

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static void answer(Exchange exchange, JsonNode json) throws IOException {
    exchange.send(200, "application/json", json.toString().getBytes(StandardCharsets.UTF_8));
  }
}
