package io.margay.app.agents.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.app.agents.conformance.Turn.Refused;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Calls of the stateless revision that need something of their client first. What they know between
 * two rounds is in the state that the client carries, sealed with a key.
 */
final class InputRounds {
  private static final String ALGORITHM = "HmacSHA256";
  private static final Map<String, String> CAPABILITY =
      Map.of(
          "elicitation/create", "elicitation",
          "sampling/createMessage", "sampling",
          "roots/list", "roots");

  private final SecretKeySpec key =
      new SecretKeySpec("of this test".getBytes(StandardCharsets.UTF_8), ALGORITHM);

  /**
   * The next answer of a call.
   *
   * @param known what {@code everything.json} says: its rounds, and its result
   */
  ObjectNode answer(JsonNode known, Turn turn) throws Refused {
    int round = round(turn);
    JsonNode asked = known.path("rounds").path(round);
    JsonNode responses = turn.params().path("inputResponses");
    if (isAnswered(asked, responses)) {
      round++;
    } else if (!responses.isMissingNode() && !responses.isObject()) {
      throw new Refused(200, -32602, "inputResponses: not an object");
    }
    if (round == known.path("rounds").size()) {
      ObjectNode result = (ObjectNode) known.path("result");
      if (result.at("/content/0") instanceof ObjectNode content) {
        content.put("text", content.path("text").asText() + responses);
      }
      return result.put("resultType", "complete");
    }
    ObjectNode result = Turn.JSON.createObjectNode().put("resultType", "input_required");
    ObjectNode requests = result.putObject("inputRequests");
    for (Map.Entry<String, JsonNode> request : known.path("rounds").path(round).properties()) {
      String capability = CAPABILITY.get(request.getValue().path("method").asText());
      if (turn.capabilities().has(capability)) {
        requests.set(request.getKey(), request.getValue());
      }
    }
    if (known.path("state").asBoolean()) {
      result.put("requestState", round + "." + seal(round));
    }
    return result;
  }

  private static boolean isAnswered(JsonNode asked, JsonNode responses) {
    for (Map.Entry<String, JsonNode> request : asked.properties()) {
      if (!responses.path(request.getKey()).isObject()) {
        return false;
      }
    }
    return true;
  }

  private int round(Turn turn) throws Refused {
    String state = turn.params().path("requestState").asText();
    if (state.isEmpty()) {
      return 0;
    }
    int point = state.indexOf('.');
    if (point == 1 && Character.isDigit(state.charAt(0))) {
      int round = state.charAt(0) - '0';
      byte[] sealed = seal(round).getBytes(StandardCharsets.UTF_8);
      if (MessageDigest.isEqual(sealed, state.substring(2).getBytes(StandardCharsets.UTF_8))) {
        return round;
      }
    }
    throw new Refused(200, -32602, "requestState: it has been changed");
  }

  private String seal(int round) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return HexFormat.of().formatHex(mac.doFinal(new byte[] {(byte) round}));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }
}
