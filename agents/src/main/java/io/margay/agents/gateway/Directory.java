package io.margay.agents.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import io.margay.agents.call.Caller;
import io.margay.agents.call.Target;
import io.margay.model.resource.CaBundle;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the registry says about the servers behind the gateway. */
public interface Directory {

  /**
   * A tool server.
   *
   * @param authorities who alone vouch for it; empty for those of the gateway
   * @param pins approved hashes of tool definitions, by the tool's name
   */
  record ToolServer(
      String name, URI uri, Optional<CaBundle> authorities, Map<String, String> pins) {

    public ToolServer {
      pins = Map.copyOf(pins);
    }
  }

  /**
   * An agent that can be called.
   *
   * @param uri of its A2A JSON-RPC interface, which is the root of its REST interface too
   * @param authorities as of a tool server
   * @param audience of tokens for it: its SPIFFE id, so that it can call on with them
   * @param card what it says of itself, as the registry has it
   */
  record CallableAgent(
      String name, URI uri, Optional<CaBundle> authorities, String audience, JsonNode card) {}

  /**
   * A model provider.
   *
   * @param uri under which {@code /v1/…} begins
   * @param authorities as of a tool server
   * @param credential the header that lets us in there; empty without one
   * @param prices by model; of a model without one only tokens are counted
   */
  record ModelProvider(
      String name,
      URI uri,
      Optional<CaBundle> authorities,
      Optional<Credential> credential,
      Map<String, Price> prices) {

    public ModelProvider {
      prices = Map.copyOf(prices);
    }
  }

  /** What a million tokens cost, in millionths of the currency: 3,000,000 is 3.00. */
  record Price(long input, long output) {

    /** What these tokens cost, in millionths of the currency, rounded up. */
    public long of(long inputTokens, long outputTokens) {
      return Math.ceilDiv(inputTokens * input + outputTokens * output, 1_000_000L);
    }
  }

  /** A header that a provider wants. */
  record Credential(String header, String value) {}

  Optional<ToolServer> toolServer(String name);

  Optional<CallableAgent> agent(String name);

  Optional<ModelProvider> modelProvider(String name);

  /** Where they are, for agents that call them by their own addresses. */
  Addresses addresses();

  /** Those of some targets that a caller may use; asked for lists, where nothing is called yet. */
  List<Target> visible(Caller caller, String action, List<Target> targets);

  /** Is told of a tool whose definition is not the approved one. */
  void definitionChanged(String server, String tool, String hash);

  /** Is told of a tool whose definition is the approved one. */
  void definitionApproved(String server, String tool, String hash);
}
