package io.margay.agents.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import io.margay.agents.gateway.http.Exchange;
import io.margay.agents.gateway.http.Refusal;
import io.margay.agents.gateway.http.StrictJson;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** What clients look for under {@code /.well-known/}, whoever they are. */
public final class WellKnown implements Door {
  private final Map<String, Document> documents;

  /** A document, or one for each path below its name. */
  @FunctionalInterface
  public interface Document {
    /**
     * The text; empty when nothing stands there.
     *
     * @param origin that the client knows the gateway by
     * @param below the rest of the path, with its slash; empty without one
     */
    Optional<JsonNode> at(String origin, String below);

    /** One document, made for the origin that the client knows the gateway by. */
    static Document alone(Function<String, JsonNode> text) {
      return (origin, below) ->
          below.isEmpty() ? Optional.of(text.apply(origin)) : Optional.empty();
    }
  }

  /**
   * @param documents by name
   */
  public WellKnown(Map<String, Document> documents) {
    this.documents = new TreeMap<>(documents);
  }

  @Override
  public void serve(Exchange exchange, String name, String rest) throws IOException, Refusal {
    Document document = documents.get(name);
    URI asked = exchange.address();
    String origin = asked.getScheme() + "://" + asked.getRawAuthority();
    JsonNode answer =
        Optional.ofNullable(document)
            .flatMap(one -> one.at(origin, rest))
            .orElseThrow(
                () -> new Refusal(404, "known under /.well-known/ are " + documents.keySet()));
    exchange.send(200, "application/json", StrictJson.write(answer), Map.of());
  }
}
