package io.margay.agents.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import io.margay.agents.gateway.http.Exchange;
import io.margay.agents.gateway.http.Refusal;
import io.margay.agents.gateway.http.StrictJson;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** What clients look for under {@code /.well-known/}. */
public final class WellKnown implements Door {
  private final Map<String, Function<String, JsonNode>> documents;

  /**
   * @param documents by name, made for the origin that the client knows the gateway by
   */
  public WellKnown(Map<String, Function<String, JsonNode>> documents) {
    this.documents = new TreeMap<>(documents);
  }

  @Override
  public void serve(Exchange exchange, String name, String rest) throws IOException, Refusal {
    Function<String, JsonNode> document = documents.get(name);
    if (document == null || !rest.isEmpty()) {
      throw new Refusal(404, "known under /.well-known/ are " + documents.keySet());
    }
    URI asked = exchange.address();
    JsonNode answer = document.apply(asked.getScheme() + "://" + asked.getRawAuthority());
    exchange.send(200, "application/json", StrictJson.write(answer), Map.of());
  }
}
