package io.margay.agents.identity.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/**
 * The parameters of a token request (RFC 6749): each at most once, an empty one counts as absent.
 */
final class Form {
  private static final int MAX_BYTES = 64 * 1024;
  private static final int MAX_PARAMETERS = 40;

  private final Map<String, String> values;

  private Form(Map<String, String> values) {
    this.values = values;
  }

  /** Reads the body of a POST. */
  static Form read(Request request) throws IOException, TokenErrorException {
    if (!request.getMethod().equals("POST")) {
      throw new TokenErrorException(405, "invalid_request", "a token request is a POST");
    }
    String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
    String media = type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    if (!media.equals("application/x-www-form-urlencoded")) {
      throw TokenErrorException.invalidRequest("the body is not application/x-www-form-urlencoded");
    }
    InputStream in = Content.Source.asInputStream(request);
    byte[] body = in.readNBytes(MAX_BYTES + 1);
    if (body.length > MAX_BYTES) {
      throw new TokenErrorException(
          413, "invalid_request", "the body is longer than " + MAX_BYTES + " bytes");
    }
    return parse(new String(body, StandardCharsets.UTF_8));
  }

  static Form parse(String body) throws TokenErrorException {
    Map<String, String> values = new HashMap<>();
    String[] pairs = body.isEmpty() ? new String[0] : body.split("&", MAX_PARAMETERS + 1);
    if (pairs.length > MAX_PARAMETERS) {
      throw TokenErrorException.invalidRequest("more than " + MAX_PARAMETERS + " parameters");
    }
    for (String pair : pairs) {
      int equals = pair.indexOf('=');
      String name = decode(equals < 0 ? pair : pair.substring(0, equals));
      String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
      if (values.putIfAbsent(name, value) != null) {
        // Two readers may take different ones of two.
        throw TokenErrorException.invalidRequest("a parameter is given twice");
      }
    }
    return new Form(values);
  }

  private static String decode(String text) throws TokenErrorException {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw TokenErrorException.invalidRequest("the body is not form-encoded");
    }
  }

  Optional<String> optional(String name) {
    return Optional.ofNullable(values.get(name)).filter(value -> !value.isEmpty());
  }

  String required(String name) throws TokenErrorException {
    return optional(name)
        .orElseThrow(() -> TokenErrorException.invalidRequest(name + " is missing"));
  }

  Set<String> words(String name) {
    Set<String> words = new LinkedHashSet<>();
    for (String word : optional(name).orElse("").split(" ", -1)) {
      if (!word.isEmpty()) {
        words.add(word);
      }
    }
    return words;
  }
}
