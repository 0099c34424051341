package io.margay.store.apiserver.http;

import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.margay.store.apiserver.ApiException;
import io.margay.store.apiserver.ApiException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.yaml.snakeyaml.LoaderOptions;

/** Reads and writes JSON bodies; YAML is read too, where Kubernetes allows it. */
public final class JsonBody {
  /** No resource of ours is nested nearly as deeply; what is would only cost stack. */
  private static final int MAX_DEPTH = 200;

  /** Duplicate fields are refused: which of two contradicting rules was meant, nobody knows. */
  private static final JsonMapper JSON =
      JsonMapper.builder(
              new JsonFactoryBuilder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final YAMLMapper YAML = new YAMLMapper(yaml());

  private JsonBody() {}

  private static YAMLFactory yaml() {
    LoaderOptions options = new LoaderOptions();
    options.setMaxAliasesForCollections(20);
    options.setNestingDepthLimit(MAX_DEPTH);
    options.setAllowDuplicateKeys(false);
    return YAMLFactory.builder().loaderOptions(options).build();
  }

  public static byte[] write(JsonNode body) {
    try {
      return JSON.writeValueAsBytes(body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write JSON", e);
    }
  }

  /** An object that was sent as JSON or YAML, or as protobuf where that is said. */
  public static ObjectNode object(ApiRequest request) {
    if (request.contentType().equals(ProtobufBody.MEDIA_TYPE)) {
      return ProtobufBody.read(request.body());
    }
    if (read(request) instanceof ObjectNode object) {
      return object;
    }
    throw new ApiException(Reason.BAD_REQUEST, "the body is not an object; write {...}");
  }

  public static ArrayNode array(ApiRequest request) {
    if (read(request) instanceof ArrayNode array) {
      return array;
    }
    throw new ApiException(Reason.BAD_REQUEST, "the body is not a list; write [...]");
  }

  private static JsonNode read(ApiRequest request) {
    byte[] body = request.body();
    if (body.length == 0) {
      throw new ApiException(Reason.BAD_REQUEST, "the request has no body");
    }
    try {
      // JSON is YAML too, but reading it as such takes ten times as long.
      boolean yaml = request.contentType().endsWith("yaml") && !startsObject(body);
      return yaml ? YAML.readTree(body) : JSON.readTree(body);
    } catch (JsonProcessingException e) {
      var location = e.getLocation();
      throw new ApiException(
          Reason.BAD_REQUEST,
          "the body cannot be read: "
              + e.getOriginalMessage()
              + (location == null
                  ? ""
                  : " at line " + location.getLineNr() + ", column " + location.getColumnNr()));
    } catch (IOException e) {
      throw new ApiException(Reason.BAD_REQUEST, "the body cannot be read: " + e.getMessage());
    }
  }

  private static boolean startsObject(byte[] body) {
    String start = new String(body, 0, Math.min(body.length, 64), StandardCharsets.UTF_8);
    return start.stripLeading().startsWith("{") || start.stripLeading().startsWith("[");
  }
}
