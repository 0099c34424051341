package io.margay.agents.gateway.a2a;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.agents.audit.CanonicalJson;
import io.margay.agents.audit.merkle.Hash;
import io.margay.agents.gateway.Directory.CallableAgent;
import io.margay.agents.identity.token.KeyRotation;
import io.margay.agents.identity.token.RefusedTokenException;
import io.margay.agents.identity.token.RotatingKeys;
import io.margay.agents.identity.token.SignedToken;
import io.margay.agents.identity.token.VerificationKeys;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;

/**
 * Agents' cards as the gateway shows them: with its own address, and signed by it. A signature is a
 * JWS over the card's canonical JSON (RFC 8785) without its signatures.
 */
public final class AgentCards {
  /** Where the keys stand, under {@code /.well-known/}: not among those that sign tokens. */
  public static final String KEY_SET = "agent-card-keys.json";

  private static final String WHAT = "agent card";
  private static final Duration KEY_LIFETIME = Duration.ofDays(7);

  /** How long a card that somebody keeps can be verified after a change of keys. */
  private static final Duration CARD_LIFETIME = Duration.ofDays(1);

  private static final JsonMapper JSON = new JsonMapper();

  private final RotatingKeys keys;
  private final URI address;

  /** 0 while nothing is served over gRPC. */
  private volatile int grpcPort;

  /**
   * @param keys that sign; they are to sign nothing else
   * @param address where their public halves stand
   */
  public AgentCards(RotatingKeys keys, URI address) {
    this.keys = keys;
    this.address = address;
  }

  /**
   * Cards signed with keys of a file.
   *
   * @param gateway its address
   * @throws IOException also when the file is readable by others, or is not such a file
   */
  public static AgentCards inFile(Path file, URI gateway, InstantSource clock) throws IOException {
    return new AgentCards(
        RotatingKeys.inFile(file, new KeyRotation.Timing(KEY_LIFETIME, CARD_LIFETIME), clock),
        gateway.resolve("/.well-known/" + KEY_SET));
  }

  /** From now on cards name this port of ours for gRPC, where the agent's name is the tenant. */
  public void alsoOverGrpc(int port) {
    grpcPort = port;
  }

  /** The public keys, as a JWK set. */
  public JsonNode keySet() {
    return JSON.valueToTree(keys.publicKeys().toJSONObject());
  }

  /**
   * The card of an agent.
   *
   * @param url at which the agent is called through the gateway
   */
  ObjectNode of(CallableAgent agent, String url) {
    ObjectNode card =
        agent.card() instanceof ObjectNode object
            ? object.deepCopy()
            : JsonNodeFactory.instance.objectNode();
    if (!card.has("name")) {
      card.put("name", agent.name());
    }
    ArrayNode interfaces = card.putArray("supportedInterfaces");
    for (String binding : new String[] {"JSONRPC", "HTTP+JSON"}) {
      interfaces
          .addObject()
          .put("url", url)
          .put("protocolBinding", binding)
          .put("protocolVersion", A2aDoor.VERSION);
    }
    if (grpcPort != 0) {
      interfaces
          .addObject()
          .put("url", "https://" + URI.create(url).getHost() + ":" + grpcPort)
          .put("protocolBinding", "GRPC")
          .put("tenant", agent.name())
          .put("protocolVersion", A2aDoor.VERSION);
    }
    // What others signed was for another address.
    card.remove("signatures");
    String[] parts = keys.sign("JOSE", payload(card), address).split("\\.");
    card.putArray("signatures").addObject().put("protected", parts[0]).put("signature", parts[2]);
    return card;
  }

  /**
   * Checks that one of a card's signatures is good.
   *
   * @param trusted keys of whoever is to have signed; where the card says that its keys are, is not
   *     looked at: a forger would name his own
   * @throws RefusedTokenException with the reason, when none is
   */
  public static void verify(JsonNode card, VerificationKeys trusted) throws RefusedTokenException {
    if (!(card instanceof ObjectNode whole) || whole.path("signatures").isEmpty()) {
      throw new RefusedTokenException(WHAT + ": is not signed");
    }
    String payload =
        Base64.getUrlEncoder().withoutPadding().encodeToString(payload(whole.deepCopy()));
    RefusedTokenException last = null;
    for (JsonNode signature : whole.path("signatures")) {
      String compact =
          signature.path("protected").asText()
              + "."
              + payload
              + "."
              + signature.path("signature").asText();
      try {
        trusted.verify(WHAT, SignedToken.read(WHAT, compact));
        return;
      } catch (RefusedTokenException e) {
        last = e;
      }
    }
    throw last == null ? new RefusedTokenException(WHAT + ": is not signed") : last;
  }

  /** An entity tag of what the card says: each signature of the same card is another one. */
  static String tag(ObjectNode card) {
    return '"' + Hash.of(payload(card.deepCopy())).hex() + '"';
  }

  private static byte[] payload(ObjectNode card) {
    card.remove("signatures");
    return CanonicalJson.of(card).getBytes(StandardCharsets.UTF_8);
  }
}
